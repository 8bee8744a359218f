//! Accepts refunds.

use super::{Order, Outcome, Payment, Refund, Source, order_key, refund::DEFAULT_DURATION};
use crate::{
    account::RefundPause,
    app_state::AppState,
    clock::{DAY, MINUTE, Millis, v2_time},
    complaints, notify, random,
};

/// A payment can be refunded for this long.
const MAX_PAYMENT_AGE: Millis = 365 * DAY;

/// The largest number of refunds of one order.
const MAX_REFUNDS: usize = 50;

/// The parameters of a refund.
pub(crate) struct RefundParams {
    pub(crate) out_refund_no: String,
    pub(crate) refund_fee: i64,
    pub(crate) total_fee: i64,
    pub(crate) account: String,
    pub(crate) reason: Option<String>,
    pub(crate) notify_url: Option<String>,
    pub(crate) source: Source,
    pub(crate) v3: bool,
    /// Whether this is the reversal of a payment by code.
    pub(crate) reversal: bool,
    /// The outcome. If it is `None`, the planned outcome applies.
    pub(crate) outcome: Option<Outcome>,
}

/// Why a refund is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundRefusal {
    /// There is no such order, or it is not paid.
    Unpaid,
    /// The payment is more than a year old.
    Overdue,
    /// The refund number was used with other amounts or for another order.
    Changed,
    /// The amount of the order is different.
    OtherTotal,
    /// The order is completely refunded.
    Fully,
    /// The remaining amount is too small.
    TooMuch,
    TooManyParts,
    /// The last refund was less than a minute ago.
    TooSoon,
}

impl RefundRefusal {
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Unpaid => "订单不存在",
            Self::Overdue => "订单已经超过退款期限",
            Self::Changed => "订单金额或退款金额与之前请求不一致，请核实后再试",
            Self::OtherTotal => "订单金额与支付金额不一致",
            Self::Fully => "订单已全额退款",
            Self::TooMuch => "累计退款金额大于支付金额",
            Self::TooManyParts => "部分退款次数超过50次",
            Self::TooSoon => "同一笔订单多次部分退款需间隔1分钟",
        }
    }
}

/// Accepts a refund of the order with this key, and adds the notification for the time when it has settled. A repeated
/// call with the same number returns the same refund.
pub(crate) fn accept_refund(
    app: &AppState,
    key: &str,
    params: RefundParams,
) -> Result<Refund, RefundRefusal> {
    let now = app.clock.now();
    let settings = app.settings().clone();
    let mut db = app.database_mut();
    let order = db.orders.get(key).ok_or(RefundRefusal::Unpaid)?;
    let mch_id = order.mch_id.clone();
    let usual_url = settings.refund_notify_url(db.merchant_of(order));
    if let Some((order, existing)) = db.refund(&mch_id, &params.out_refund_no) {
        let same = order.key() == key
            && existing.refund_fee == params.refund_fee
            && existing.total_fee == params.total_fee;
        return if same { Ok(existing.clone()) } else { Err(RefundRefusal::Changed) };
    }
    let order = db.orders.get(key).ok_or(RefundRefusal::Unpaid)?;
    let payment = order.payment.as_ref().ok_or(RefundRefusal::Unpaid)?;
    let last = order.refunds.iter().map(|refund| refund.created_at).max();
    if params.v3
        && settings.refund_pause == RefundPause::Refuse
        && last.is_some_and(|last| now < last + MINUTE)
    {
        return Err(RefundRefusal::TooSoon);
    }
    let coupon_refund_fee = check(order, payment, &params, now)?;
    let (outcome, after) = match params.outcome {
        _ if params.reversal => (Outcome::Success, 0),
        Some(outcome) => (outcome, DEFAULT_DURATION),
        None => db.refund_outcomes.take(),
    };
    let usual_url = usual_url.filter(|_| !params.reversal);
    let refund = Refund {
        number: db.refunds_made,
        refund_id: refund_id(now),
        out_refund_no: params.out_refund_no,
        total_fee: params.total_fee,
        refund_fee: params.refund_fee,
        coupon_refund_fee,
        account: params.account,
        reason: params.reason,
        notify_url: params.notify_url.or(usual_url),
        source: params.source,
        v3: params.v3,
        reversal: params.reversal,
        received_by: None,
        created_at: now,
        settles_at: now + after,
        outcome,
    };
    db.refunds_made += 1;
    for name in [refund.refund_id.clone(), order_key(&mch_id, &refund.out_refund_no)] {
        db.refund_of.insert(name, key.to_owned());
    }
    if let Some(order) = db.orders.get_mut(key) {
        order.refunds.push(refund.clone());
    }
    notify::enqueue_refund(&mut db, &mch_id, &refund.refund_id, now);
    if refund.outcome == Outcome::Success {
        complaints::refund_accepted(&mut db, key, refund.settles_at, now);
    }
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(refund)
}

/// Checks a refund. Returns the part that goes back to the coupon.
fn check(order: &Order, payment: &Payment, params: &RefundParams, now: Millis) -> Result<i64, RefundRefusal> {
    let before = || order.refunds.iter().filter(|refund| refund.counts(now));
    let refunded: i64 = before().map(|refund| refund.refund_fee).sum();
    if params.total_fee != order.total_fee {
        Err(RefundRefusal::OtherTotal)
    } else if now > payment.paid_at + MAX_PAYMENT_AGE {
        Err(RefundRefusal::Overdue)
    } else if refunded == order.total_fee {
        Err(RefundRefusal::Fully)
    } else if params.refund_fee > order.total_fee - refunded {
        Err(RefundRefusal::TooMuch)
    } else if before().count() >= MAX_REFUNDS {
        Err(RefundRefusal::TooManyParts)
    } else {
        let of_coupon: i64 = before().map(|refund| refund.coupon_refund_fee).sum();
        let coupon_left = payment.coupon_fee() - of_coupon;
        let cash_left = order.total_fee - refunded - coupon_left;
        // cash and coupon are split in proportion, so that the last refund completes both
        let share = (refunded + params.refund_fee) * payment.coupon_fee() / order.total_fee - of_coupon;
        Ok(share.max(params.refund_fee - cash_left).max(0).min(coupon_left).min(params.refund_fee))
    }
}

/// 29 digits that contain the day.
fn refund_id(now: Millis) -> String {
    let time = v2_time(now);
    format!("50{}{}{}", random::digits(8), time.get(..8).unwrap_or_default(), random::digits(11))
}
