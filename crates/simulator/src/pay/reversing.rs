//! The moment in which a payment by code is taken back.

use super::{AskedRefund, NotRefundable, Order, Source, TradeState, refunding::refund};
use crate::{
    clock::{DAY, Millis},
    random,
    world::World,
};

/// An order older than this is refunded, no longer taken back.
const LATEST: Millis = 7 * DAY;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotReversed {
    Unknown,
    /// Not paid by code.
    OtherWay,
    /// Older than seven days.
    Expired,
    /// Some of it was refunded.
    Refunded,
}

impl NotReversed {
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

/// What was paid goes back, what was not can no longer be paid. Repeatable.
pub(crate) fn reverse(world: &World, out_trade_no: &str) -> Result<(), NotReversed> {
    let now = world.clock.now();
    let order = world.look().orders.get(out_trade_no).cloned().ok_or(NotReversed::Unknown)?;
    if order.by_code.is_none() {
        return Err(NotReversed::OtherWay);
    }
    if now >= order.created_at + LATEST {
        return Err(NotReversed::Expired);
    }
    match order.state(now) {
        TradeState::Revoked => return Ok(()),
        TradeState::Refund => return Err(NotReversed::Refunded),
        TradeState::Success => back(world, &order).map_err(|_| NotReversed::Refunded)?,
        _ => {}
    }
    let mut state = world.change();
    if let Some(by_code) = state.orders.get_mut(out_trade_no).and_then(|order| order.by_code.as_mut()) {
        by_code.revoked_at = Some(now);
    }
    Ok(())
}

fn back(world: &World, order: &Order) -> Result<(), NotRefundable> {
    let asked = AskedRefund {
        out_refund_no: random::digits(28),
        refund_fee: order.total_fee,
        total_fee: order.total_fee,
        account: "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned(),
        reason: None,
        notify_url: None,
        source: Source::Api,
        v3: order.is_v3(),
        reversal: true,
    };
    refund(world, &order.out_trade_no, asked).map(|_| ())
}
