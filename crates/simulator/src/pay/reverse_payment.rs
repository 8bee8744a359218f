//! Reverses payments by code.

use super::{Order, RefundParams, RefundRefusal, Source, TradeState, accept_refund::accept_refund};
use crate::{
    app_state::AppState,
    clock::{DAY, Millis},
    random,
};

/// An older order cannot be reversed, only refunded.
const MAX_ORDER_AGE: Millis = 7 * DAY;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReversalRefusal {
    Unknown,
    /// The order is not paid by code.
    OtherWay,
    /// The order is older than seven days.
    Expired,
    /// A part of the payment was refunded.
    Refunded,
}

impl ReversalRefusal {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "ORDERNOTEXIST",
            Self::OtherWay => "INVALID_REQUEST",
            Self::Expired => "REVERSE_EXPIRE",
            Self::Refunded => "TRADE_ERROR",
        }
    }

    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Unknown => "订单不存在",
            Self::OtherWay => "订单的支付场景不支持该请求",
            Self::Expired => "订单无法撤销：超过7天",
            Self::Refunded => "订单已发生退款，无法撤销",
        }
    }
}

/// Refunds the order with this key if it is paid, and ends it otherwise. The call may be repeated.
pub(crate) fn reverse(app: &AppState, key: &str) -> Result<(), ReversalRefusal> {
    let now = app.clock.now();
    let order = app.database().orders.get(key).cloned().ok_or(ReversalRefusal::Unknown)?;
    if order.by_code.is_none() {
        return Err(ReversalRefusal::OtherWay);
    }
    if now >= order.created_at + MAX_ORDER_AGE {
        return Err(ReversalRefusal::Expired);
    }
    match order.state(now) {
        TradeState::Revoked => return Ok(()),
        TradeState::Refund => return Err(ReversalRefusal::Refunded),
        TradeState::Success => refund_all(app, &order).map_err(|_| ReversalRefusal::Refunded)?,
        _ => {}
    }
    let mut db = app.database_mut();
    if let Some(by_code) = db.orders.get_mut(key).and_then(|order| order.by_code.as_mut()) {
        by_code.revoked_at = Some(now);
    }
    Ok(())
}

fn refund_all(app: &AppState, order: &Order) -> Result<(), RefundRefusal> {
    let params = RefundParams {
        out_refund_no: random::digits(28),
        refund_fee: order.total_fee,
        total_fee: order.total_fee,
        account: "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned(),
        reason: None,
        notify_url: None,
        source: Source::Api,
        v3: order.is_v3(),
        reversal: true,
        outcome: None,
    };
    accept_refund(app, &order.key(), params).map(|_| ())
}
