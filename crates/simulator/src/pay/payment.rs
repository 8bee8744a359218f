//! The moment in which somebody pays.

use super::{Coupon, Payment, TradeState, order::CouponKind};
use crate::{
    clock::{self, Millis},
    notify, random,
    world::World,
};

/// Why an order cannot be paid, in WeChat's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPayable {
    /// There is none of this name.
    Unknown,
    Paid,
    /// Closed, or past its `time_expire`.
    Closed,
    /// Somebody else asked for the order.
    OtherPayer,
    /// The coupon is not smaller than the sum.
    Coupon,
}

impl NotPayable {
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Unknown => "订单不存在",
            Self::Paid => "该订单已支付",
            Self::Closed => "该订单已失效",
            Self::OtherPayer => "下单账号与支付账号不一致",
            Self::Coupon => "优惠金额必须小于订单金额",
        }
    }
}

/// Pays an order by any of its names, and has the shop notified. `openid` may be left to the order.
pub(crate) fn pay(
    world: &World,
    name: &str,
    openid: Option<&str>,
    coupon_fee: Option<i64>,
) -> Result<String, NotPayable> {
    let now = world.clock.now();
    let extras = world.registered().notification_extras;
    let mut state = world.change();
    let out_trade_no = state.order_named(name).ok_or(NotPayable::Unknown)?.out_trade_no.clone();
    let number = state.payments_made;
    let demo_user = state.users.first().map(|user| user.openid.clone()).unwrap_or_default();
    let order = state.orders.get_mut(&out_trade_no).ok_or(NotPayable::Unknown)?;
    match order.state(now) {
        TradeState::NotPay => {}
        TradeState::Success | TradeState::Refund => return Err(NotPayable::Paid),
        TradeState::Closed => return Err(NotPayable::Closed),
    }
    let payer = match (openid, &order.openid) {
        (Some(payer), Some(expected)) if payer != expected => return Err(NotPayable::OtherPayer),
        (_, Some(expected)) => expected.clone(),
        (Some(payer), None) => payer.to_owned(),
        (None, None) => demo_user,
    };
    let coupon_fee = match coupon_fee {
        Some(fee) if (0..order.total_fee).contains(&fee) => fee,
        Some(_) => return Err(NotPayable::Coupon),
        // every third payment has a coupon of one fen
        None if extras && number % 3 == 2 && order.total_fee > 1 => 1,
        None => 0,
    };
    let transaction_id = transaction_id(now);
    order.payment = Some(Payment {
        number,
        transaction_id: transaction_id.clone(),
        openid: payer,
        bank_type: if number.is_multiple_of(2) { "OTHERS" } else { "CMB_DEBIT" }.to_owned(),
        coupon: (coupon_fee > 0).then(|| coupon(coupon_fee, number)),
        paid_at: now,
    });
    state.order_of.insert(transaction_id.clone(), out_trade_no.clone());
    state.payments_made += 1;
    notify::announce(&mut state, &out_trade_no, now, extras);
    drop(state);
    world.courier.notify_one();
    Ok(transaction_id)
}

fn coupon(fee: i64, number: u64) -> Coupon {
    let kind = if number.is_multiple_of(2) { CouponKind::NoCash } else { CouponKind::Cash };
    Coupon { coupon_id: random::digits(20), fee, kind }
}

/// 28 digits, the day among them.
fn transaction_id(now: Millis) -> String {
    let time = clock::v2_time(now);
    format!("4200{}{}{}", random::digits(6), time.get(..8).unwrap_or_default(), random::digits(10))
}
