//! `POST /secapi/pay/refund` (wechat-protocol.md, 4.5).

use wechat::wire::Fields;

use super::{Order, Payment, Refund, RefundParams, RefundRefusal, Refusal, Request, Source, accept_refund};
use crate::app_state::AppState;

pub(super) fn refund(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let sum = |name: &str| {
        request.required(name).parse().map_err(|_| Refusal::Communication(format!("{name}参数格式错误")))
    };
    let (total_fee, refund_fee): (i64, i64) = (sum("total_fee")?, sum("refund_fee")?);
    if refund_fee > total_fee {
        return Err(Refusal::Business("PARAM_ERROR", "退款金额大于订单金额"));
    }
    let key = named(app, request)?;
    let params = RefundParams {
        out_refund_no: request.required("out_refund_no").to_owned(),
        refund_fee,
        total_fee,
        account: request.get("refund_account").unwrap_or("REFUND_SOURCE_UNSETTLED_FUNDS").to_owned(),
        reason: request.owned("refund_desc"),
        notify_url: request.owned("notify_url"),
        source: Source::Api,
        v3: false,
        reversal: false,
        outcome: None,
    };
    let refund = accept_refund(app, &key, params).map_err(refusal)?;
    let db = app.database();
    let order = db.orders.get(&key).ok_or(refusal(RefundRefusal::Unpaid))?;
    let payment = order.payment.as_ref().ok_or(refusal(RefundRefusal::Unpaid))?;
    Ok(reply(order, payment, &refund))
}

/// The key of the order in the request. If both are present, transaction_id wins.
fn named(app: &AppState, request: &Request) -> Result<String, Refusal> {
    let db = app.database();
    let of_program = |order: &&Order| request.names(order);
    match (request.get("transaction_id"), request.get("out_trade_no")) {
        (Some(transaction_id), _) => db
            .paid_order(request.mch_id(), transaction_id)
            .filter(of_program)
            .map(Order::key)
            .ok_or(Refusal::Business("INVALID_TRANSACTIONID", "无效transaction_id")),
        (None, Some(out_trade_no)) => db
            .order(request.mch_id(), out_trade_no)
            .filter(of_program)
            .map(Order::key)
            .ok_or(refusal(RefundRefusal::Unpaid)),
        (None, None) => Err(Refusal::Communication("缺少参数out_trade_no".to_owned())),
    }
}

fn refusal(why: RefundRefusal) -> Refusal {
    let code = match why {
        RefundRefusal::Unpaid => "ORDERNOTEXIST",
        RefundRefusal::Overdue => "TRADE_OVERDUE",
        RefundRefusal::Changed
        | RefundRefusal::OtherTotal
        | RefundRefusal::Fully
        | RefundRefusal::TooMuch
        | RefundRefusal::TooManyParts
        // only V3 requires a delay
        | RefundRefusal::TooSoon => "ERROR",
    };
    Refusal::Business(code, why.message())
}

fn reply(order: &Order, payment: &Payment, refund: &Refund) -> Fields {
    let mut fields = Fields::new()
        .with("transaction_id", payment.transaction_id.as_str())
        .with("out_trade_no", order.out_trade_no.as_str())
        .with("out_refund_no", refund.out_refund_no.as_str())
        .with("refund_id", refund.refund_id.as_str())
        .with("refund_fee", refund.refund_fee.to_string())
        .with("total_fee", order.total_fee.to_string())
        .with("fee_type", "CNY")
        .with("cash_fee", (order.total_fee - payment.coupon_fee()).to_string())
        .with("cash_fee_type", "CNY")
        .with("cash_refund_fee", refund.cash_refund_fee().to_string());
    if let Some(coupon) = &payment.coupon {
        let fee = payment.settlement_refund_fee(refund).to_string();
        fields.set("settlement_refund_fee", fee);
        fields.set("settlement_total_fee", payment.settlement_total_fee(order.total_fee).to_string());
        fields.set("coupon_refund_fee", refund.coupon_refund_fee.to_string());
        if refund.coupon_refund_fee > 0 {
            fields.set("coupon_refund_count", "1");
            fields.set("coupon_type_0", coupon.kind.as_str());
            fields.set("coupon_refund_id_0", coupon.coupon_id.as_str());
            fields.set("coupon_refund_fee_0", refund.coupon_refund_fee.to_string());
        }
    }
    fields
}
