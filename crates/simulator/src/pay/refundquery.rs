//! `POST /pay/refundquery` (wechat-protocol.md, 4.6).

use wechat::wire::Fields;

use super::{Order, Payment, Refund, RefundStatus, Refusal, Request};
use crate::{
    app_state::AppState,
    clock::{self, Millis},
};

/// The number of refunds per response. `offset` selects the next ones.
const PAGE: usize = 10;

pub(super) fn call(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    const UNKNOWN: Refusal = Refusal::Business("REFUNDNOTEXIST", "not exist");
    let now = app.clock.now();
    let db = app.database();
    // the refund's numbers select one refund, the order's numbers select all
    let (order, refunds) = if let Some(refund_id) = request.get("refund_id") {
        let found = db.refund_with_id(request.mch_id(), refund_id);
        found.map(|(order, refund)| (order, vec![refund])).ok_or(UNKNOWN)?
    } else if let Some(number) = request.get("out_refund_no") {
        let found = db.refund(request.mch_id(), number);
        found.map(|(order, refund)| (order, vec![refund])).ok_or(UNKNOWN)?
    } else if let Some(transaction_id) = request.get("transaction_id") {
        let order = db.paid_order(request.mch_id(), transaction_id);
        let order = order.ok_or(Refusal::Business("INVALID_TRANSACTIONID", "无效transaction_id"))?;
        (order, order.refunds.iter().collect())
    } else if let Some(out_trade_no) = request.get("out_trade_no") {
        let order = db.order(request.mch_id(), out_trade_no).ok_or(UNKNOWN)?;
        (order, order.refunds.iter().collect())
    } else {
        return Err(Refusal::Communication("缺少参数out_refund_no".to_owned()));
    };
    let offset: usize = request.get("offset").and_then(|offset| offset.parse().ok()).unwrap_or(0);
    let payment = order.payment.as_ref().ok_or(UNKNOWN)?;
    if !request.names(order) || offset >= refunds.len() {
        return Err(UNKNOWN);
    }
    Ok(reply(order, payment, &refunds, offset, now))
}

fn reply(order: &Order, payment: &Payment, refunds: &[&Refund], offset: usize, now: Millis) -> Fields {
    let page: Vec<&Refund> = refunds.iter().skip(offset).take(PAGE).copied().collect();
    let mut fields = Fields::new()
        .with("total_refund_count", refunds.len().to_string())
        .with("transaction_id", payment.transaction_id.as_str())
        .with("out_trade_no", order.out_trade_no.as_str())
        .with("total_fee", order.total_fee.to_string())
        .with("fee_type", "CNY")
        .with("cash_fee", (order.total_fee - payment.coupon_fee()).to_string())
        .with("refund_count", page.len().to_string());
    if payment.coupon.is_some() {
        fields.set("settlement_total_fee", payment.settlement_total_fee(order.total_fee).to_string());
    }
    for (n, refund) in page.into_iter().enumerate() {
        add(&mut fields, payment, refund, n, now);
    }
    fields
}

fn add(fields: &mut Fields, payment: &Payment, refund: &Refund, n: usize, now: Millis) {
    let status = refund.status(now);
    let mut set = |name: &str, value: &str| fields.set(format!("{name}_{n}"), value);
    set("out_refund_no", &refund.out_refund_no);
    set("refund_id", &refund.refund_id);
    set("refund_channel", refund.channel());
    set("refund_fee", &refund.refund_fee.to_string());
    set("refund_status", status.as_str());
    set("refund_account", &refund.account);
    set("refund_recv_accout", refund.received_by());
    if status == RefundStatus::Success {
        set("refund_success_time", &clock::spaced_time(refund.settles_at));
    }
    if let Some(coupon) = &payment.coupon {
        set("settlement_refund_fee", &payment.settlement_refund_fee(refund).to_string());
        set("coupon_refund_fee", &refund.coupon_refund_fee.to_string());
        if refund.coupon_refund_fee > 0 {
            set("coupon_refund_count", "1");
            fields.set(format!("coupon_type_{n}_0"), coupon.kind.as_str());
            fields.set(format!("coupon_refund_id_{n}_0"), coupon.coupon_id.as_str());
            fields.set(format!("coupon_refund_fee_{n}_0"), refund.coupon_refund_fee.to_string());
        }
    }
}
