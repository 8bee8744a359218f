//! All orders, payments, refunds, notifications and tokens, as JSON.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{
    app_state::SharedState,
    clock::{Millis, rfc3339},
    login::Token,
    notify::{Attempt, Notification},
    pay::{Order, Refund},
    trade_management,
};

pub(super) async fn show(State(app): State<SharedState>) -> Json<Value> {
    let now = app.clock.now();
    let db = app.database();
    let mut orders: Vec<&Order> = db.orders.values().collect();
    orders.sort_unstable_by_key(|order| order.number);
    let mut refunds: Vec<(&Order, &Refund)> =
        orders.iter().flat_map(|order| order.refunds.iter().map(|refund| (*order, refund))).collect();
    refunds.sort_unstable_by_key(|(_, refund)| refund.number);
    let refunds: Vec<Value> = refunds.into_iter().map(|(order, each)| refund(order, each, now)).collect();
    let (together, alone): (Vec<&Order>, Vec<&Order>) =
        orders.into_iter().partition(|order| order.is_combined());
    let combined: Vec<Value> = together.into_iter().map(|each| combined(each, now)).collect();
    let orders: Vec<Value> = alone.into_iter().map(|each| order(each, now)).collect();
    let deliveries: Vec<Value> = db
        .deliveries
        .iter()
        .filter_map(|(key, delivery)| Some(trade_management::shown(db.orders.get(key)?, Some(delivery), now)))
        .collect();
    let notifications: Vec<Value> = db.notifications.iter().map(notification).collect();
    let tokens: Vec<Value> = db.tokens.iter().map(|each| token(each, now)).collect();
    Json(json!({
        "now": rfc3339(now),
        "orders": orders,
        "combined": combined,
        "refunds": refunds,
        "deliveries": deliveries,
        "notifications": notifications,
        "tokens": tokens,
        "shares": db.shares,
        "miniprogram": db.program_calls,
    }))
}

fn order(order: &Order, now: Millis) -> Value {
    let payment = order.payment.as_ref();
    json!({
        "out_trade_no": order.out_trade_no,
        "mch_id": order.mch_id,
        "combine_out_trade_no": order.combine_out_trade_no(),
        "trade_state": order.state(now).as_str(),
        "trade_type": order.trade_type,
        "total_fee": order.total_fee,
        // the payer of a paid order, otherwise the user for whom it was ordered
        "openid": payment.map(|payment| &payment.openid).or(order.openid.as_ref()),
        "appid": order.appid,
        "body": order.body,
        "attach": order.attach,
        "notify_url": order.notify_url,
        "sign_type": order.sign_type,
        "prepay_id": order.prepays.last().map(|prepay| &prepay.prepay_id),
        "prepay_ids": order.prepays.iter().map(|prepay| &prepay.prepay_id).collect::<Vec<_>>(),
        "code_url": order.prepays.last().and_then(|prepay| prepay.code_url.as_ref()),
        "mweb_url": order.prepays.last().and_then(|prepay| prepay.mweb_url.as_ref()),
        "created_at": rfc3339(order.created_at),
        "expires_at": order.expires_at.map(rfc3339),
        "closed_at": order.closed_at.map(rfc3339),
        "transaction_id": payment.map(|payment| &payment.transaction_id),
        "coupon_fee": payment.map(|payment| payment.coupon_fee()),
        "paid_at": payment.map(|payment| rfc3339(payment.paid_at)),
    })
}

/// A combined order: several orders with one payment.
fn combined(combined: &Order, now: Millis) -> Value {
    let mut entry = order(combined, now);
    if let Some(entry) = entry.as_object_mut() {
        entry.remove("out_trade_no");
        let numbers: Vec<&str> =
            combined.parts.iter().filter_map(|key| Some(key.split_once('/')?.1)).collect();
        entry.insert("out_trade_nos".to_owned(), json!(numbers));
    }
    entry
}

fn refund(order: &Order, refund: &Refund, now: Millis) -> Value {
    json!({
        "out_refund_no": refund.out_refund_no,
        "mch_id": order.mch_id,
        "refund_id": refund.refund_id,
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.payment.as_ref().map(|payment| &payment.transaction_id),
        "refund_status": refund.status(now).as_str(),
        "refund_fee": refund.refund_fee,
        "total_fee": order.total_fee,
        "coupon_refund_fee": refund.coupon_refund_fee,
        "source": refund.source.as_str(),
        "reason": refund.reason,
        "reversal": refund.reversal,
        "received_by": refund.received_by(),
        "notify_url": refund.notify_url,
        "created_at": rfc3339(refund.created_at),
        "settled_at": rfc3339(refund.settles_at),
    })
}

fn notification(notification: &Notification) -> Value {
    json!({
        "out_trade_no": notification.out_trade_no,
        "mch_id": notification.mch_id,
        "kind": notification.kind,
        "url": notification.url,
        "acknowledged": notification.acknowledged,
        "next_at": notification.next_at.map(rfc3339),
        "attempts": notification.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "at": rfc3339(attempt.at),
        "status": attempt.status,
        "acknowledged": attempt.acknowledged,
        "body": attempt.body,
        "note": attempt.note,
    })
}

fn token(token: &Token, now: Millis) -> Value {
    json!({
        "access_token": token.access_token,
        "appid": token.appid,
        "mode": token.mode,
        "valid": token.is_valid(now),
        "issued_at": rfc3339(token.issued_at),
        "expires_at": rfc3339(token.expires_at),
        "ended_at": token.ended_at.map(rfc3339),
    })
}
