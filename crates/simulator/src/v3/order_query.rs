//! `GET /v3/pay/transactions/out-trade-no/{…}` and `…/id/{…}` (wechat-protocol.md, 5.5).

use serde_json::{Value, json};

use super::{Answer, Request, V3Error, partner};
use crate::{
    app_state::AppState,
    clock::{Millis, rfc3339},
    pay::{CouponKind, Order, TradeState},
};

pub(super) fn by_number(app: &AppState, out_trade_no: &str, request: &Request<'_>) -> Answer {
    let sub_mchid = check_merchant(request)?;
    let db = app.database();
    let order = db.order(request.mch_id(), out_trade_no).filter(|order| !order.is_combined());
    let order = order.ok_or_else(V3Error::no_order)?;
    partner::check_order(Some(order), sub_mchid)?;
    Ok(Some(transaction(order, app.clock.now())))
}

pub(super) fn by_transaction(app: &AppState, transaction_id: &str, request: &Request<'_>) -> Answer {
    let sub_mchid = check_merchant(request)?;
    let db = app.database();
    let order = db.paid_order(request.mch_id(), transaction_id).ok_or_else(V3Error::no_order)?;
    partner::check_order(Some(order), sub_mchid)?;
    Ok(Some(transaction(order, app.clock.now())))
}

/// Checks the merchant that the query names. Returns the sub-merchant of a provider's query.
fn check_merchant<'a>(request: &'a Request<'_>) -> Result<Option<&'a str>, V3Error> {
    let (name, sub_mchid) = match partner::is_path(request.path) {
        false => ("mchid", None),
        true => ("sp_mchid", Some(request.query.get("sub_mchid").unwrap_or_default())),
    };
    match request.query.get(name) {
        Some(mch_id) if mch_id == request.mch_id() => {}
        Some(_) => return Err(partner::other_mchid()),
        None => return Err(V3Error::param(format!("缺少参数{name}"))),
    }
    partner::check_named(request.merchant(), sub_mchid)?;
    Ok(sub_mchid)
}

/// The content of a query and of a notification.
pub(crate) fn transaction(order: &Order, now: Millis) -> Value {
    let state = order.state(now);
    let mut response = json!({
        "out_trade_no": order.out_trade_no,
        "trade_type": order.trade_type,
        "trade_state": state.as_str(),
        "trade_state_desc": state.description(),
        "attach": order.attach.as_deref().unwrap_or_default(),
        "amount": { "total": order.total_fee, "currency": "CNY" },
    });
    match &order.partner {
        None => {
            response["appid"] = order.appid.as_str().into();
            response["mchid"] = order.mch_id.as_str().into();
        }
        Some(partner) => {
            response["sp_appid"] = partner.sp_appid.as_str().into();
            response["sp_mchid"] = order.mch_id.as_str().into();
            response["sub_mchid"] = partner.sub_mch_id.as_str().into();
            if let Some(sub_appid) = &partner.sub_appid {
                response["sub_appid"] = sub_appid.as_str().into();
            }
        }
    }
    if let Some(device) = &order.device_info {
        response["scene_info"] = json!({ "device_id": device });
    }
    // an unpaid order has no transaction and no payer
    let Some(payment) = order.payment.as_ref().filter(|_| state != TradeState::NotPay) else {
        return response;
    };
    response["transaction_id"] = payment.transaction_id.as_str().into();
    response["bank_type"] = payment.bank_type.as_str().into();
    response["success_time"] = rfc3339(payment.paid_at).into();
    response["payer"] = match &order.partner {
        None => json!({ "openid": payment.openid }),
        Some(partner) if partner.sp_appid == order.appid => json!({ "sp_openid": payment.openid }),
        Some(_) => json!({ "sp_openid": payment.sp_openid, "sub_openid": payment.openid }),
    };
    response["amount"] = json!({
        "total": order.total_fee,
        "payer_total": order.total_fee - payment.coupon_fee(),
        "currency": "CNY",
        "payer_currency": "CNY",
    });
    if let Some(coupon) = &payment.coupon {
        let kind = if coupon.kind == CouponKind::Cash { "CASH" } else { "NOCASH" };
        response["promotion_detail"] = json!([{
            "coupon_id": coupon.coupon_id,
            "scope": "GLOBAL",
            "type": kind,
            "amount": coupon.fee,
            "currency": "CNY",
        }]);
    }
    response
}
