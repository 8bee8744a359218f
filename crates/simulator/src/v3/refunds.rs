//! `POST /v3/refund/domestic/refunds` and `GET …/{out_refund_no}` (wechat-protocol.md, 5.6).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Request, V3Error, field_tables, partner};
use crate::{
    app_state::AppState,
    clock::{Millis, rfc3339},
    pay::{
        CouponKind, Order, Payment, Refund, RefundParams, RefundRefusal, RefundStatus, Source, accept_refund,
        order_key,
    },
};

pub(super) fn create(app: &AppState, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::REFUND)?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let sum = |name: &str| body["amount"][name].as_i64().unwrap_or_default();
    if sum("refund") > sum("total") {
        return Err(V3Error::field("/amount/refund", &body["amount"]["refund"], "退款金额大于订单金额"));
    }
    if let Some(from) = body["amount"]["from"].as_array() {
        let total: i64 = from.iter().filter_map(|each| each["amount"].as_i64()).sum();
        if total != sum("refund") {
            return Err(V3Error::field(
                "/amount/from",
                &body["amount"]["from"],
                "出资金额之和与退款金额不一致",
            ));
        }
    }
    partner::check_named(request.merchant(), body["sub_mchid"].as_str())?;
    let key = match (text("transaction_id"), text("out_trade_no")) {
        (Some(_), Some(_)) => return Err(V3Error::param("transaction_id和out_trade_no二选一")),
        (None, None) => return Err(V3Error::field("/out_trade_no", &Value::Null, "必填项缺失")),
        (None, Some(out_trade_no)) => order_key(request.mch_id(), &out_trade_no),
        (Some(transaction_id), None) => {
            let db = app.database();
            let order = db.paid_order(request.mch_id(), &transaction_id);
            order.ok_or_else(|| refusal(RefundRefusal::Unpaid))?.key()
        }
    };
    partner::check_order(app.database().orders.get(&key), body["sub_mchid"].as_str())?;
    let account = text("funds_account").unwrap_or_else(|| "UNSETTLED".to_owned());
    let params = RefundParams {
        out_refund_no: text("out_refund_no").unwrap_or_default(),
        refund_fee: sum("refund"),
        total_fee: sum("total"),
        account: if account == "AVAILABLE" {
            "REFUND_SOURCE_RECHARGE_FUNDS".to_owned()
        } else {
            "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned()
        },
        reason: text("reason"),
        notify_url: text("notify_url"),
        source: Source::Api,
        v3: true,
        reversal: false,
        outcome: None,
    };
    let refund = accept_refund(app, &key, params).map_err(refusal)?;
    response(app, &refund.out_refund_no, request)
}

fn refusal(why: RefundRefusal) -> V3Error {
    match why {
        RefundRefusal::Unpaid => {
            V3Error::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", why.message(), 268_512_771)
        }
        RefundRefusal::TooSoon => {
            V3Error::new(StatusCode::TOO_MANY_REQUESTS, "FREQUENCY_LIMITED", why.message(), 268_447_840)
        }
        _ => V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", why.message(), 268_435_464),
    }
}

pub(super) fn query(app: &AppState, out_refund_no: &str, request: &Request<'_>) -> Answer {
    let sub_mchid = request.query.get("sub_mchid");
    partner::check_named(request.merchant(), sub_mchid)?;
    let order = app.database().refund(request.mch_id(), out_refund_no).map(|(order, _)| order.clone());
    partner::check_order(order.as_ref(), sub_mchid)?;
    response(app, out_refund_no, request)
}

fn response(app: &AppState, out_refund_no: &str, request: &Request<'_>) -> Answer {
    let db = app.database();
    let found = db.refund(request.mch_id(), out_refund_no);
    let unknown = || V3Error::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "退款单不存在", 268_512_771);
    let (order, refund) = found.ok_or_else(unknown)?;
    let payment = order.payment.as_ref().ok_or_else(unknown)?;
    Ok(Some(refund_response(order, payment, refund, app.clock.now())))
}

/// Queries a refund by WeChat's number.
pub(super) fn by_id(app: &AppState, refund_id: &str, request: &Request<'_>) -> Answer {
    let number = app
        .database()
        .refund_with_id(request.mch_id(), refund_id)
        .map(|(_, refund)| refund.out_refund_no.clone());
    response(app, &number.unwrap_or_default(), request)
}

fn refund_response(order: &Order, payment: &Payment, refund: &Refund, now: Millis) -> Value {
    let status = refund.status(now);
    let account = if refund.account == "REFUND_SOURCE_RECHARGE_FUNDS" { "AVAILABLE" } else { "UNSETTLED" };
    let mut response = json!({
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": payment.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": refund.channel(),
        "user_received_account": refund.received_by(),
        "create_time": rfc3339(refund.created_at),
        "status": status.v3(),
        "funds_account": account,
        "amount": {
            "total": order.total_fee,
            "refund": refund.refund_fee,
            "from": [],
            "payer_total": order.total_fee - payment.coupon_fee(),
            "payer_refund": refund.cash_refund_fee(),
            "settlement_refund": payment.settlement_refund_fee(refund),
            "settlement_total": payment.settlement_total_fee(order.total_fee),
            "discount_refund": refund.coupon_refund_fee,
            "currency": "CNY",
            "refund_fee": 0,
        },
        "promotion_detail": [],
    });
    if status == RefundStatus::Success {
        response["success_time"] = rfc3339(refund.settles_at).into();
    }
    if let Some(coupon) = payment.coupon.as_ref().filter(|_| refund.coupon_refund_fee > 0) {
        response["promotion_detail"] = json!([{
            "promotion_id": coupon.coupon_id,
            "scope": "GLOBAL",
            "type": if coupon.kind == CouponKind::Cash { "COUPON" } else { "DISCOUNT" },
            "amount": coupon.fee,
            "refund_amount": refund.coupon_refund_fee,
        }]);
    }
    response
}

/// The content of a notification about a settled refund.
pub(crate) fn notified(order: &Order, payment: &Payment, refund: &Refund) -> Value {
    let status = RefundStatus::from(refund.outcome);
    let mut response = json!({
        "transaction_id": payment.transaction_id,
        "out_trade_no": order.out_trade_no,
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "refund_status": status.v3(),
        "user_received_account": refund.received_by(),
        "amount": {
            "total": order.total_fee,
            "refund": refund.refund_fee,
            "payer_total": order.total_fee - payment.coupon_fee(),
            "payer_refund": refund.cash_refund_fee(),
        },
    });
    match &order.partner {
        None => response["mchid"] = order.mch_id.as_str().into(),
        Some(partner) => {
            response["sp_mchid"] = order.mch_id.as_str().into();
            response["sub_mchid"] = partner.sub_mch_id.as_str().into();
        }
    }
    if status == RefundStatus::Success {
        response["success_time"] = rfc3339(refund.settles_at).into();
    }
    response
}
