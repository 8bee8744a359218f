//! The differences if a provider (服务商) calls (wechat-protocol-2.md, 5). The documents give the messages and their
//! numbers. The codes are assumptions, [M] in that file.

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    V3Error,
    prepay::{check_openid, not_bound},
};
use crate::{
    account::{Merchant, SubMerchant},
    database::Database,
    pay::{Order, PartnerOrder},
};

/// Whether the path belongs to a provider's orders.
pub(super) fn is_path(path: &str) -> bool {
    path.starts_with("/v3/pay/partner/")
}

fn refused(message: &str, internal: u32) -> V3Error {
    V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, internal)
}

pub(super) fn other_mchid() -> V3Error {
    V3Error::param("http header中的mchid与post payload中的mchid不匹配")
}

/// The sub-merchant with this number.
pub(super) fn check_sub_merchant<'a>(
    merchant: &'a Merchant,
    number: &str,
) -> Result<&'a SubMerchant, V3Error> {
    if number.is_empty() {
        return Err(refused("受理机构必须传入sub_mch_id", 268_443_704));
    }
    if number == merchant.mch_id {
        return Err(refused("子商户mchid不能与自身mchid相同", 268_443_705));
    }
    let known = merchant.sub_merchants.iter().find(|sub| sub.mch_id == number);
    known.ok_or_else(|| refused("受理关系不存在", 268_443_701))
}

/// Checks the sub-merchant in a call: a provider must name one, another merchant must not.
pub(super) fn check_named(merchant: &Merchant, sub_mchid: Option<&str>) -> Result<(), V3Error> {
    match sub_mchid {
        None if merchant.sub_merchants.is_empty() => Ok(()),
        named => check_sub_merchant(merchant, named.unwrap_or_default()).map(drop),
    }
}

/// Checks that the order belongs to the sub-merchant that the call names.
pub(super) fn check_order(order: Option<&Order>, sub_mchid: Option<&str>) -> Result<(), V3Error> {
    let Some(order) = order else { return Ok(()) };
    let known = order.partner.as_ref().map(|partner| &*partner.sub_mch_id);
    if known == sub_mchid {
        Ok(())
    } else {
        Err(refused("子商户号和订单信息不匹配", 268_447_845))
    }
}

/// Checks the two merchants in the body of a provider's call.
pub(super) fn check_merchants<'a>(body: &Value, merchant: &'a Merchant) -> Result<&'a SubMerchant, V3Error> {
    if body["sp_mchid"] != merchant.mch_id.as_str() {
        return Err(other_mchid());
    }
    check_sub_merchant(merchant, body["sub_mchid"].as_str().unwrap_or_default())
}

/// The account and the payer of an order.
pub(super) struct Payer {
    /// The account of the openid.
    pub(super) appid: String,
    pub(super) openid: Option<String>,
    pub(super) partner: Option<PartnerOrder>,
}

impl Payer {
    /// The payer of an order that a merchant places for itself.
    pub(super) fn direct(body: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            appid: text(&body["appid"]).unwrap_or_default(),
            openid: text(&body["payer"]["openid"]),
            partner: None,
        }
    }

    /// Checks that the payer is a user of the account.
    pub(super) fn check(&self, db: &Database) -> Result<(), V3Error> {
        let checked = check_openid(db, self.openid.as_deref(), &self.appid);
        let is_sub = self.partner.as_ref().is_some_and(|partner| partner.sp_appid != self.appid);
        if is_sub { checked.map_err(|_| V3Error::param("sub_appid和sub_openid不匹配")) } else { checked }
    }
}

/// The account and the payer of a provider's order.
pub(super) fn payer(body: &Value, merchant: &Merchant) -> Result<Payer, V3Error> {
    let sub = check_merchants(body, merchant)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let sp_appid = text(&body["sp_appid"]).unwrap_or_default();
    if !merchant.is_bound_to(&sp_appid) {
        return Err(not_bound());
    }
    let sub_appid = text(&body["sub_appid"]);
    if sub_appid.as_ref().is_some_and(|appid| !sub.appids.contains(appid)) {
        return Err(V3Error::param("sub_mch_id与sub_appid不匹配"));
    }
    let payer = &body["payer"];
    let (appid, openid) = match (text(&payer["sp_openid"]), text(&payer["sub_openid"])) {
        (Some(_), Some(_)) => return Err(V3Error::param("sp_openid和sub_openid二选一")),
        (None, None) if payer.is_object() => {
            return Err(V3Error::field("/payer/sp_openid", &payer["sp_openid"], "必填项缺失"));
        }
        (None, sub_openid) => match (&sub_appid, sub_openid) {
            (None, Some(_)) => return Err(V3Error::param("传入sub_openid时必须传入sub_appid")),
            (Some(sub_appid), sub_openid) => (sub_appid.clone(), sub_openid),
            (None, None) => (sp_appid.clone(), None),
        },
        (Some(sp_openid), None) => (sp_appid.clone(), Some(sp_openid)),
    };
    let partner = PartnerOrder { sp_appid, sub_mch_id: sub.mch_id.clone(), sub_appid };
    Ok(Payer { appid, openid, partner: Some(partner) })
}
