//! Pays orders.

use super::{Coupon, Order, Payment, TradeState, order::CouponKind};
use crate::{
    app_state::AppState,
    clock::{self, Millis},
    database::Database,
    notify, random,
};

/// Why an order cannot be paid, with WeChat's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentRefusal {
    /// There is no such order.
    Unknown,
    Paid,
    /// The order is closed or its `time_expire` has passed.
    Closed,
    /// The order belongs to another user.
    OtherPayer,
    /// Another user opened the `code_url` first.
    OpenedByOther,
    /// The coupon is not smaller than the amount.
    Coupon,
}

impl PaymentRefusal {
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Unknown => "订单不存在",
            Self::Paid => "该订单已支付",
            Self::Closed => "该订单已失效",
            Self::OtherPayer => "下单账号与支付账号不一致",
            Self::OpenedByOther => "商家订单信息有误，请重新下单支付",
            Self::Coupon => "优惠金额必须小于订单金额",
        }
    }
}

/// Pays the order with this key, and adds its notification. If `openid` is `None`, the user of the order pays.
pub(crate) fn pay(
    app: &AppState,
    key: &str,
    openid: Option<&str>,
    coupon_fee: Option<i64>,
) -> Result<String, PaymentRefusal> {
    let now = app.clock.now();
    let extras = app.settings().notification_extras;
    let mut db = app.database_mut();
    let named = db.orders.get(key).ok_or(PaymentRefusal::Unknown)?;
    // a payment of one order pays its whole combined order
    let key = named.part_of.clone().unwrap_or_else(|| key.to_owned());
    let number = db.payments_made;
    let demo_user = db.users.first();
    let order = db.orders.get(&key).ok_or(PaymentRefusal::Unknown)?;
    let demo_user = demo_user.map(|user| db.accounts.openid(user, &order.appid).to_owned());
    match order.state(now) {
        TradeState::NotPay | TradeState::UserPaying => {}
        TradeState::Success | TradeState::Refund => return Err(PaymentRefusal::Paid),
        TradeState::Closed | TradeState::PayError | TradeState::Revoked => {
            return Err(PaymentRefusal::Closed);
        }
    }
    if openid.is_some_and(|openid| is_opened_by_other(&db, order, openid)) {
        return Err(PaymentRefusal::OpenedByOther);
    }
    let payer = match (openid, &order.openid) {
        (Some(payer), Some(expected)) if payer != expected => return Err(PaymentRefusal::OtherPayer),
        (_, Some(expected)) => expected.clone(),
        (Some(payer), None) => payer.to_owned(),
        (None, None) => demo_user.unwrap_or_default(),
    };
    let coupon_fee = match coupon_fee {
        Some(fee) if (0..order.total_fee).contains(&fee) && !(order.is_combined() && fee > 0) => fee,
        Some(_) => return Err(PaymentRefusal::Coupon),
        // every third payment has a coupon of one fen
        None if extras && number % 3 == 2 && order.total_fee > 1 && !order.is_combined() => 1,
        None => 0,
    };
    let sp_openid = order.partner.as_ref().and_then(|partner| {
        let user = db.user(&payer)?;
        Some(db.accounts.openid(user, &partner.sp_appid).to_owned())
    });
    let payment = Payment {
        number,
        transaction_id: transaction_id(now),
        openid: payer,
        sp_openid,
        bank_type: if number.is_multiple_of(2) { "OTHERS" } else { "CMB_DEBIT" }.to_owned(),
        coupon: (coupon_fee > 0).then(|| coupon(coupon_fee, number)),
        paid_at: now,
    };
    let transaction_id = payment.transaction_id.clone();
    settle(&mut db, &key, payment);
    notify::enqueue_payment(&mut db, &key, now, extras);
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(transaction_id)
}

/// The shopper cancels. A payment by code that waits for the password fails. Another order can still be paid; only the
/// user who opened its `code_url` can pay with it.
pub(crate) fn decline(app: &AppState, key: &str, openid: Option<&str>) -> Option<TradeState> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let order = db.orders.get_mut(key)?;
    if let (Some(openid), Some(prepay)) = (openid, order.prepays.last_mut())
        && prepay.code_url.is_some()
    {
        prepay.opened_by.get_or_insert_with(|| openid.to_owned());
    }
    if order.state(now) == TradeState::UserPaying
        && let Some(by_code) = &mut order.by_code
    {
        by_code.refused = true;
    }
    Some(order.state(now))
}

/// Whether another person than this user opened the `code_url`. One person has an openid for each account.
fn is_opened_by_other(db: &Database, order: &Order, openid: &str) -> bool {
    let opened_by = order.prepays.last().and_then(|prepay| prepay.opened_by.as_deref());
    opened_by.is_some_and(|known| known != openid && !db.user(known).is_some_and(|user| user.is(openid)))
}

/// Records the payment, and a payment for each order of a combined order.
fn settle(db: &mut Database, key: &str, payment: Payment) {
    let parts = db.orders.get(key).map(|order| order.parts.clone()).unwrap_or_default();
    for part in &parts {
        let number = db.payments_made;
        let transaction_id = transaction_id(payment.paid_at);
        settle(db, part, Payment { number, transaction_id, ..payment.clone() });
    }
    let Some(order) = db.orders.get_mut(key) else { return };
    let transaction_id = payment.transaction_id.clone();
    order.payment = Some(payment);
    if parts.is_empty() {
        db.order_of.insert(transaction_id, key.to_owned());
        db.payments_made += 1;
    }
}

fn coupon(fee: i64, number: u64) -> Coupon {
    let kind = if number.is_multiple_of(2) { CouponKind::NoCash } else { CouponKind::Cash };
    Coupon { coupon_id: random::digits(20), fee, kind }
}

/// 28 digits that contain the day.
fn transaction_id(now: Millis) -> String {
    let time = clock::v2_time(now);
    format!("4200{}{}{}", random::digits(6), time.get(..8).unwrap_or_default(), random::digits(10))
}
