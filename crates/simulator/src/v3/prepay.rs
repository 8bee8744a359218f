//! `POST /v3/pay/transactions/{jsapi|native|h5|app}` (wechat-protocol.md, 5.4).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Answer, Request, V3Error,
    abnormal_refund::decrypted,
    field_tables,
    partner::{self, Payer},
};
use crate::{
    account::Merchant,
    app_state::AppState,
    clock::{self, MINUTE, Millis},
    database::Database,
    pay::{Order, Prepay, TradeState, is_user_of, issue, order_key},
};

/// An earlier `time_expire` is extended to this time.
const SHORTEST: Millis = MINUTE;

pub(super) fn call(app: &AppState, way: &str, request: &Request<'_>) -> Answer {
    let by_partner = partner::is_path(request.path);
    let (table, of_partner, trade_type) = match way {
        "jsapi" => (field_tables::JSAPI, field_tables::PARTNER_JSAPI, "JSAPI"),
        "native" => (field_tables::NATIVE_AND_APP, field_tables::PARTNER_NATIVE_AND_APP, "NATIVE"),
        "h5" => (field_tables::H5, field_tables::PARTNER_H5, "MWEB"),
        _ => (field_tables::NATIVE_AND_APP, field_tables::PARTNER_NATIVE_AND_APP, "APP"),
    };
    let body = request.json(if by_partner { of_partner } else { table })?;
    let payer = if by_partner {
        partner::payer(&body, request.merchant())?
    } else {
        check_merchant(&body, request.merchant())?;
        partner::check_named(request.merchant(), None)?;
        Payer::direct(&body)
    };
    let identity = &body["payer"]["identity"];
    for name in ["number", "name"].into_iter().filter(|name| !identity[*name].is_null()) {
        decrypted(request, identity, name)?;
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let now = app.clock.now();
    let mut db = app.database_mut();
    payer.check(&db)?;
    let parameters =
        BTreeMap::from([("way".to_owned(), way.to_owned()), ("body".to_owned(), body.to_string())]);
    let out_trade_no = text("out_trade_no");
    let key = order_key(request.mch_id(), &out_trade_no);
    if let Some(order) = db.orders.get(&key) {
        check_known(order, &parameters, now)?;
    } else {
        let order = Order {
            number: db.orders.len(),
            out_trade_no,
            mch_id: request.mch_id().to_owned(),
            appid: payer.appid,
            partner: payer.partner,
            trade_type: trade_type.to_owned(),
            sign_type: "RSA".to_owned(),
            by_public_key: request.by_public_key,
            openid: payer.openid,
            total_fee: body["amount"]["total"].as_i64().unwrap_or_default(),
            body: text("description"),
            attach: body["attach"].as_str().map(str::to_owned),
            device_info: body["scene_info"]["device_id"].as_str().map(str::to_owned),
            payer_ip: body["scene_info"]["payer_client_ip"].as_str().map(str::to_owned),
            notify_url: text("notify_url"),
            request: parameters,
            created_at: now,
            expires_at: expiry(&body, now),
            prepays: Vec::new(),
            closed_at: None,
            payment: None,
            refunds: Vec::new(),
            parts: Vec::new(),
            part_of: None,
            by_code: None,
        };
        db.orders.insert(key.clone(), order);
    }
    let prepay = issue(&mut db, &key, now, request.base_url).ok_or_else(V3Error::busy)?;
    Ok(Some(reply(way, &prepay)))
}

/// Checks that the order belongs to the merchant that signed, and to one of its accounts.
pub(super) fn check_merchant(body: &Value, merchant: &Merchant) -> Result<(), V3Error> {
    check_mchid(body, merchant)?;
    if merchant.is_bound_to(body["appid"].as_str().unwrap_or_default()) { Ok(()) } else { Err(not_bound()) }
}

/// Checks that the body names the merchant that signed.
pub(super) fn check_mchid(body: &Value, merchant: &Merchant) -> Result<(), V3Error> {
    if body["mchid"] == merchant.mch_id.as_str() {
        Ok(())
    } else {
        Err(V3Error::field("/mchid", &body["mchid"], "与Http头Authorization中的mchid不一致"))
    }
}

/// The account is not bound to the merchant.
pub(super) fn not_bound() -> V3Error {
    let message = "appid和mch_id不匹配";
    V3Error::new(StatusCode::BAD_REQUEST, "APPID_MCHID_NOT_MATCH", message, 268_445_527)
}

/// Each way to pay has its own name for the result.
pub(super) fn reply(way: &str, prepay: &Prepay) -> Value {
    match way {
        "native" => json!({ "code_url": prepay.code_url }),
        "h5" => json!({ "h5_url": prepay.mweb_url }),
        _ => json!({ "prepay_id": prepay.prepay_id }),
    }
}

/// Checks that the payer is a user of the account that the order names.
pub(super) fn check_openid(db: &Database, openid: Option<&str>, appid: &str) -> Result<(), V3Error> {
    match openid {
        Some(openid) if db.user(openid).is_none() => Err(V3Error::param("无效的openid")),
        Some(openid) if !is_user_of(db, openid, appid) => Err(V3Error::openid()),
        _ => Ok(()),
    }
}

pub(super) fn number_used() -> V3Error {
    let message = "商户订单号重复：请求重入时，参数与首次请求时不一致";
    V3Error::new(StatusCode::FORBIDDEN, "OUT_TRADE_NO_USED", message, 268_498_688)
}

pub(super) fn check_known(
    order: &Order,
    parameters: &BTreeMap<String, String>,
    now: Millis,
) -> Result<(), V3Error> {
    let bad =
        |code, message: &str, internal| Err(V3Error::new(StatusCode::BAD_REQUEST, code, message, internal));
    match order.state(now) {
        TradeState::Success | TradeState::Refund => bad("ORDER_PAID", "该订单已支付", 268_449_538),
        TradeState::Closed => bad("ORDER_CLOSED", "该订单已关闭", 268_447_914),
        TradeState::UserPaying | TradeState::PayError | TradeState::Revoked => Err(number_used()),
        TradeState::NotPay if order.request != *parameters => Err(number_used()),
        TradeState::NotPay => Ok(()),
    }
}

/// When the order expires, on the simulator's clock. The request contains a real time.
pub(super) fn expiry(body: &Value, now: Millis) -> Option<Millis> {
    let expire = clock::parse_rfc3339(body["time_expire"].as_str()?)?;
    Some(now + (expire - clock::real_now()).max(SHORTEST))
}
