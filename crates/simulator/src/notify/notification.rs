//! A notification and its delivery attempts.

use serde::{Deserialize, Serialize};
use wechat::wire::Fields;

use super::tamper::Tamper;
use crate::{clock::Millis, pay::Order};

/// The kinds of notifications.
pub(super) const PAYMENT: &str = "payment";
pub(super) const REFUND: &str = "refund";
pub(super) const COMPLAINT: &str = "complaint";

/// A notification and all attempts to deliver it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Notification {
    pub(crate) out_trade_no: String,
    pub(crate) mch_id: String,
    /// [`PAYMENT`], [`REFUND`] or [`COMPLAINT`].
    pub(crate) kind: String,
    pub(crate) url: String,
    /// The fields of a V2 message, in their order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) sign_type: String,
    /// The message of V3, instead of `fields`. `None` for V2.
    #[serde(default)]
    pub(crate) json: Option<String>,
    /// Whether V3 signs the notification with the public key.
    #[serde(default)]
    pub(crate) by_public_key: bool,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) acknowledged: bool,
    /// When the next attempt is due. `None` if the notification is acknowledged or WeChat has given up.
    pub(crate) next_at: Option<Millis>,
    /// The number of attempts so far.
    pub(crate) made: usize,
    /// Whether it waits until a later notification has overtaken it.
    pub(crate) held: bool,
    #[serde(skip)]
    pub(crate) in_flight: bool,
    /// The change of the next attempt, if a developer has requested one.
    #[serde(skip)]
    pub(super) tamper_next: Option<Tamper>,
}

/// The result of one attempt.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: Millis,
    /// The HTTP status. `None` if there was no answer.
    pub(crate) status: Option<u16>,
    pub(crate) acknowledged: bool,
    /// The beginning of the answer.
    pub(crate) body: String,
    /// What was sent: the headers as lines, and the beginning of the body.
    #[serde(default)]
    pub(crate) sent_headers: String,
    #[serde(default)]
    pub(crate) sent_body: String,
    /// The headers of the answer as lines.
    #[serde(default)]
    pub(crate) answer_headers: String,
    /// The applied fault, or the error.
    pub(crate) note: Option<String>,
}

impl Notification {
    pub(super) fn new(order: &Order, kind: &str, url: &str) -> Self {
        Self {
            out_trade_no: order.shops_number().to_owned(),
            mch_id: order.mch_id.clone(),
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
            tamper_next: None,
        }
    }

    pub(super) fn set_fields(&mut self, fields: &Fields) {
        self.fields = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
}
