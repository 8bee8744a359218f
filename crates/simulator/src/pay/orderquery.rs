//! `POST /pay/orderquery` (wechat-protocol.md, 4.3).

use wechat::wire::Fields;

use super::{Order, Payment, Refusal, Request};
use crate::{app_state::AppState, clock};

pub(super) fn call(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let db = app.database();
    let order = match (request.get("transaction_id"), request.get("out_trade_no")) {
        // if both are present, transaction_id wins
        (Some(transaction_id), _) => db.paid_order(request.mch_id(), transaction_id),
        (None, Some(out_trade_no)) => db.order(request.mch_id(), out_trade_no),
        (None, None) => return Err(Refusal::Communication("缺少参数out_trade_no".to_owned())),
    };
    let order = order
        .filter(|order| request.names(order))
        .ok_or(Refusal::Business("ORDERNOTEXIST", "此交易订单号不存在"))?;
    Ok(reply(order, app.clock.now()))
}

fn reply(order: &Order, now: clock::Millis) -> Fields {
    let state = order.state(now);
    let mut reply = match &order.payment {
        Some(payment) => paid(order, payment),
        // an unpaid order has no payer, no amount and no transaction
        None => Fields::new(),
    };
    reply.set("out_trade_no", order.out_trade_no.as_str());
    if let Some(attach) = &order.attach {
        reply.set("attach", attach.as_str());
    }
    reply.set("trade_state", state.as_str());
    reply.set("trade_state_desc", state.description());
    reply
}

/// The fields of a payment in a query and in a notification.
pub(crate) fn paid(order: &Order, payment: &Payment) -> Fields {
    let mut fields = Fields::new();
    if let Some(device) = &order.device_info {
        fields.set("device_info", device.as_str());
    }
    // a provider's payer has an openid for the provider's account, too
    fields.set("openid", payment.sp_openid.as_ref().unwrap_or(&payment.openid).as_str());
    if order.partner.as_ref().is_some_and(|partner| partner.sp_appid != order.appid) {
        fields.set("sub_openid", payment.openid.as_str());
        fields.set("sub_is_subscribe", "N");
    }
    fields.set("is_subscribe", "N");
    fields.set("trade_type", order.trade_type.as_str());
    fields.set("bank_type", payment.bank_type.as_str());
    fields.set("total_fee", order.total_fee.to_string());
    fields.set("fee_type", "CNY");
    fields.set("cash_fee", (order.total_fee - payment.coupon_fee()).to_string());
    fields.set("cash_fee_type", "CNY");
    if let Some(coupon) = &payment.coupon {
        fields.set("settlement_total_fee", payment.settlement_total_fee(order.total_fee).to_string());
        fields.set("coupon_fee", coupon.fee.to_string());
        fields.set("coupon_count", "1");
        fields.set("coupon_type_0", coupon.kind.as_str());
        fields.set("coupon_id_0", coupon.coupon_id.as_str());
        fields.set("coupon_fee_0", coupon.fee.to_string());
    }
    fields.set("transaction_id", payment.transaction_id.as_str());
    fields.set("time_end", clock::v2_time(payment.paid_at));
    fields
}
