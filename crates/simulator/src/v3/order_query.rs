//! `GET /v3/pay/transactions/out-trade-no/{…}` and `…/id/{…}` (wechat-protocol.md, 5.5).

use serde_json::{Value, json};

use super::{Answer, Request, V3Error};
use crate::{
    app_state::AppState,
    clock::{Millis, rfc3339},
    pay::{CouponKind, Order, TradeState},
};

pub(super) fn by_number(app: &AppState, out_trade_no: &str, request: &Request<'_>) -> Answer {
    check_mchid(request)?;
    let db = app.database();
    let order = db.order(request.mch_id(), out_trade_no).filter(|order| !order.is_combined());
    let order = order.ok_or_else(V3Error::no_order)?;
    Ok(Some(transaction(order, app.clock.now())))
}

pub(super) fn by_transaction(app: &AppState, transaction_id: &str, request: &Request<'_>) -> Answer {
    check_mchid(request)?;
    let db = app.database();
    let order = db.paid_order(request.mch_id(), transaction_id);
    Ok(Some(transaction(order.ok_or_else(V3Error::no_order)?, app.clock.now())))
}

fn check_mchid(request: &Request<'_>) -> Result<(), V3Error> {
    match request.query.get("mchid") {
        Some(mch_id) if mch_id == request.mch_id() => Ok(()),
        Some(_) => Err(V3Error::param("mchid与Http头Authorization中的mchid不一致")),
        None => Err(V3Error::param("缺少参数mchid")),
    }
}

/// The content of a query and of a notification.
pub(crate) fn transaction(order: &Order, now: Millis) -> Value {
    let state = order.state(now);
    let mut response = json!({
        "appid": order.appid,
        "mchid": order.mch_id,
        "out_trade_no": order.out_trade_no,
        "trade_type": order.trade_type,
        "trade_state": state.as_str(),
        "trade_state_desc": state.description(),
        "attach": order.attach.as_deref().unwrap_or_default(),
        "amount": { "total": order.total_fee, "currency": "CNY" },
    });
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
    response["payer"] = json!({ "openid": payment.openid });
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
