//! The queue of notifications: adds them, and says which ones wait for delivery.

use super::{
    Notification, Tamper, delivery_faults,
    notification::{COMPLAINT, PAYMENT, REFUND},
    v2_payment, v2_refund, v3_message,
};
use crate::{
    clock::{Millis, SECOND},
    database::Database,
};

/// Adds the notification of the payment of the order with this key.
pub(crate) fn enqueue_payment(db: &mut Database, key: &str, now: Millis, extras: bool) {
    let Some(order) = db.orders.get(key) else { return };
    let Some(payment) = &order.payment else { return };
    // a payment by code has no notification: the response contains the result
    if order.notify_url.is_empty() {
        return;
    }
    let merchant = db.merchant_of(order);
    let mut notification = Notification::new(order, PAYMENT, &order.notify_url);
    if order.is_combined() {
        notification.json = Some(v3_message::combined_payment(db, merchant, order, payment, now));
    } else if order.is_v3() {
        notification.json = Some(v3_message::payment(merchant, order, payment, now, extras));
    } else {
        notification.set_fields(&v2_payment::payment(merchant, order, payment, extras));
    }
    send(db, notification, now, now);
}

/// Adds the notification of a refund, if there is an address for it. WeChat sends it when the refund has settled.
pub(crate) fn enqueue_refund(db: &mut Database, mch_id: &str, refund_id: &str, now: Millis) {
    let Some((order, refund)) = db.refund_with_id(mch_id, refund_id) else { return };
    let (Some(payment), Some(url)) = (&order.payment, &refund.notify_url) else { return };
    let merchant = db.merchant_of(order);
    let mut notification = Notification::new(order, REFUND, url);
    if refund.v3 {
        notification.json = Some(v3_message::refund(merchant, order, payment, refund));
    } else {
        notification.set_fields(&v2_refund::message(
            merchant,
            order,
            &v2_refund::plain(order, payment, refund),
        ));
    }
    let settles_at = refund.settles_at;
    send(db, notification, settles_at, now);
}

/// Adds the notification about a complaint, if its merchant has registered an address.
pub(crate) fn enqueue_complaint(
    db: &mut Database,
    complaint_id: &str,
    action: &str,
    at: Millis,
    now: Millis,
) {
    let Some(complaint) = db.complaints.get(complaint_id) else { return };
    let (Some(order), Some(url)) =
        (db.orders.get(&complaint.order), db.complaint_urls.get(&complaint.mch_id))
    else {
        return;
    };
    let merchant = db.merchant_of(order);
    let mut notification = Notification::new(order, COMPLAINT, url);
    notification.json = Some(v3_message::complaint(merchant, complaint_id, action, at));
    send(db, notification, at, now);
}

/// Adds a notification whose first attempt is due at `at`.
fn send(db: &mut Database, mut notification: Notification, at: Millis, now: Millis) {
    notification.next_at = Some(at + db.delivery_faults.delay_s.unwrap_or(0) * SECOND);
    notification.held = db.delivery_faults.reorder.is_some();
    let number = db.notifications.len();
    db.notifications.push(notification);
    db.unsettled.insert(number);
    delivery_faults::release_when_full(db, now);
}

/// Makes the notifications of an order due again, with their whole schedule. Their next attempt may be changed. Returns
/// their number.
pub(crate) fn resend(
    db: &mut Database,
    (mch_id, out_trade_no): (Option<&str>, &str),
    kind: Option<&str>,
    tamper: Option<Tamper>,
    now: Millis,
) -> usize {
    let mut sent = 0;
    for (number, notification) in db.notifications.iter_mut().enumerate() {
        let wanted = kind.is_none_or(|kind| notification.kind == kind)
            && mch_id.is_none_or(|mch_id| notification.mch_id == mch_id);
        if notification.out_trade_no == out_trade_no && wanted {
            notification.acknowledged = false;
            notification.next_at = Some(now);
            notification.made = 0;
            notification.tamper_next = tamper;
            db.unsettled.insert(number);
            sent += 1;
        }
    }
    sent
}

/// The numbers of the notifications that wait for their next attempt, and when it is due.
pub(super) fn waiting<'a>(db: &'a Database) -> impl Iterator<Item = (usize, Millis)> + 'a {
    db.unsettled.iter().filter_map(|&number| {
        let notification = db.notifications.get(number)?;
        let idle = !notification.held && !notification.in_flight;
        Some((number, notification.next_at.filter(|_| idle)?))
    })
}
