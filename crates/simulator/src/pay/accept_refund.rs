//! The moment in which a refund is accepted.

use super::{Order, Outcome, Payment, Refund, Source};
use crate::{
    account::RefundPause,
    app_state::AppState,
    clock::{DAY, MINUTE, Millis, v2_time},
    notify, random,
};

/// A payment older than this is not refunded.
const MAX_PAYMENT_AGE: Millis = 365 * DAY;

/// Refunds of one order.
const MAX_REFUNDS: usize = 50;

/// What a refund is asked for with.
pub(crate) struct RefundParams {
    pub(crate) out_refund_no: String,
    pub(crate) refund_fee: i64,
    pub(crate) total_fee: i64,
    pub(crate) account: String,
    pub(crate) reason: Option<String>,
    pub(crate) notify_url: Option<String>,
    pub(crate) source: Source,
    pub(crate) v3: bool,
    /// Not asked for as a refund: a payment by code was taken back.
    pub(crate) reversal: bool,
}

/// Why a refund is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundRefusal {
    /// No such order, or nobody has paid it.
    Unpaid,
    /// Paid more than a year ago.
    Overdue,
    /// The number was used with other sums, or for another order.
    Changed,
    /// The order's sum is another.
    OtherTotal,
    /// Nothing is left of the sum.
    Fully,
    /// Less is left of the sum.
    TooMuch,
    TooManyParts,
    /// Less than a minute after the part before.
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

/// Accepts a refund, and has the shop notified once it has settled. The same number again is the same refund.
pub(crate) fn accept_refund(
    app: &AppState,
    out_trade_no: &str,
    asked: RefundParams,
) -> Result<Refund, RefundRefusal> {
    let now = app.clock.now();
    let pause = app.settings().refund_pause;
    let usual_url = app.settings().refund_notify_url.clone();
    let mut db = app.database_mut();
    if let Some((order, known)) = db.refund_named(&asked.out_refund_no) {
        let same = order.out_trade_no == out_trade_no
            && known.out_refund_no == asked.out_refund_no
            && known.refund_fee == asked.refund_fee
            && known.total_fee == asked.total_fee;
        return if same { Ok(known.clone()) } else { Err(RefundRefusal::Changed) };
    }
    let order = db.orders.get(out_trade_no).ok_or(RefundRefusal::Unpaid)?;
    let payment = order.payment.as_ref().ok_or(RefundRefusal::Unpaid)?;
    let last = order.refunds.iter().map(|refund| refund.created_at).max();
    if asked.v3 && pause == RefundPause::Refuse && last.is_some_and(|last| now < last + MINUTE) {
        return Err(RefundRefusal::TooSoon);
    }
    let coupon_refund_fee = check(order, payment, &asked, now)?;
    let (outcome, after) = if asked.reversal { (Outcome::Success, 0) } else { db.refund_outcomes.take() };
    let usual_url = usual_url.filter(|_| !asked.reversal);
    let refund = Refund {
        number: db.refunds_made,
        refund_id: refund_id(now),
        out_refund_no: asked.out_refund_no,
        total_fee: asked.total_fee,
        refund_fee: asked.refund_fee,
        coupon_refund_fee,
        account: asked.account,
        reason: asked.reason,
        notify_url: asked.notify_url.or(usual_url),
        source: asked.source,
        v3: asked.v3,
        reversal: asked.reversal,
        received_by: None,
        created_at: now,
        settles_at: now + after,
        outcome,
    };
    db.refunds_made += 1;
    for name in [&refund.refund_id, &refund.out_refund_no] {
        db.refund_of.insert(name.clone(), out_trade_no.to_owned());
    }
    if let Some(order) = db.orders.get_mut(out_trade_no) {
        order.refunds.push(refund.clone());
    }
    notify::enqueue_refund(&mut db, &refund.refund_id, now);
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(refund)
}

/// What of the refund goes back to the coupon, if it may be made.
fn check(order: &Order, payment: &Payment, asked: &RefundParams, now: Millis) -> Result<i64, RefundRefusal> {
    let before = || order.refunds.iter().filter(|refund| refund.counts(now));
    let refunded: i64 = before().map(|refund| refund.refund_fee).sum();
    if asked.total_fee != order.total_fee {
        Err(RefundRefusal::OtherTotal)
    } else if now > payment.paid_at + MAX_PAYMENT_AGE {
        Err(RefundRefusal::Overdue)
    } else if refunded == order.total_fee {
        Err(RefundRefusal::Fully)
    } else if asked.refund_fee > order.total_fee - refunded {
        Err(RefundRefusal::TooMuch)
    } else if before().count() >= MAX_REFUNDS {
        Err(RefundRefusal::TooManyParts)
    } else {
        let of_coupon: i64 = before().map(|refund| refund.coupon_refund_fee).sum();
        let coupon_left = payment.coupon_fee() - of_coupon;
        let cash_left = order.total_fee - refunded - coupon_left;
        // by share, so that the last part ends both at nothing
        let share = (refunded + asked.refund_fee) * payment.coupon_fee() / order.total_fee - of_coupon;
        Ok(share.max(asked.refund_fee - cash_left).max(0).min(coupon_left).min(asked.refund_fee))
    }
}

/// 29 digits, the day among them.
fn refund_id(now: Millis) -> String {
    let time = v2_time(now);
    format!("50{}{}{}", random::digits(8), time.get(..8).unwrap_or_default(), random::digits(11))
}
