//! The notifications to the shop: their content, their schedule and their faults.

mod delivery_faults;
mod delivery_worker;
mod retry_schedule;
mod tamper;
mod tamper_v3;
mod v2_payment;
mod v2_refund;
mod v3_message;

use serde::{Deserialize, Serialize};
use wechat::wire::Fields;

use crate::{
    clock::{Millis, SECOND},
    database::Database,
    pay::Order,
};

pub(crate) use delivery_faults::{DeliveryFaults, Frequency, release_held};
pub(crate) use delivery_worker::run;

/// The kinds of notifications.
const PAYMENT: &str = "payment";
const REFUND: &str = "refund";

/// A notification and all attempts to deliver it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Notification {
    pub(crate) out_trade_no: String,
    /// [`PAYMENT`] or [`REFUND`].
    pub(crate) kind: String,
    pub(crate) url: String,
    /// The fields of a V2 message, in their order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) sign_type: String,
    /// The message of V3. It replaces the fields.
    #[serde(default)]
    pub(crate) json: Option<String>,
    /// Whether V3 signs it with the public key.
    #[serde(default)]
    pub(crate) by_public_key: bool,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) acknowledged: bool,
    /// When the next attempt is due. None if the notification is acknowledged or given up.
    pub(crate) next_at: Option<Millis>,
    /// The number of attempts so far.
    pub(crate) made: usize,
    /// Held back until a later notification has overtaken it.
    pub(crate) held: bool,
    #[serde(skip)]
    pub(crate) in_flight: bool,
}

/// The result of one attempt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: Millis,
    /// The HTTP status. None without an answer.
    pub(crate) status: Option<u16>,
    pub(crate) acknowledged: bool,
    /// The beginning of the answer.
    pub(crate) body: String,
    /// The applied fault, or the error.
    pub(crate) note: Option<String>,
}

/// Adds the notification of a payment.
pub(crate) fn enqueue_payment(db: &mut Database, out_trade_no: &str, now: Millis, extras: bool) {
    let Some(order) = db.orders.get(out_trade_no) else { return };
    let Some(payment) = &order.payment else { return };
    // a payment by code has no notification: the response contains the result
    if order.notify_url.is_empty() {
        return;
    }
    let mut notification = Notification::new(order, PAYMENT, &order.notify_url);
    if order.is_combined() {
        notification.json = Some(v3_message::combined_payment(db, order, payment, now));
    } else if order.is_v3() {
        notification.json = Some(v3_message::payment(order, payment, now, extras));
    } else {
        notification.set_fields(&v2_payment::payment(order, payment, extras));
    }
    send(db, notification, now, now);
}

/// Adds the notification of a refund, if there is an address for it. It is sent when the refund has settled.
pub(crate) fn enqueue_refund(db: &mut Database, refund_id: &str, now: Millis) {
    let Some((order, refund)) = db.refund_named(refund_id) else { return };
    let (Some(payment), Some(url)) = (&order.payment, &refund.notify_url) else { return };
    let mut notification = Notification::new(order, REFUND, url);
    if refund.v3 {
        notification.json = Some(v3_message::refund(order, payment, refund));
    } else {
        notification.set_fields(&v2_refund::message(&order.appid, &v2_refund::plain(order, payment, refund)));
    }
    let settles_at = refund.settles_at;
    send(db, notification, settles_at, now);
}

impl Notification {
    fn new(order: &Order, kind: &str, url: &str) -> Self {
        Self {
            out_trade_no: order.shops_number().to_owned(),
            kind: kind.to_owned(),
            url: url.to_owned(),
            fields: Vec::new(),
            sign_type: order.sign_type.clone(),
            json: None,
            by_public_key: order.by_public_key,
            attempts: Vec::new(),
            acknowledged: false,
            next_at: None,
            made: 0,
            held: false,
            in_flight: false,
        }
    }
}

impl Notification {
    fn set_fields(&mut self, fields: &Fields) {
        self.fields = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
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
