use crate::{
    OrderId,
    message::{MessageChannel, MessageState, MessageSubject},
};

/// A message to a shopper or to staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRecord {
    /// The subject, what it is about and the recipient. So the same message is one row.
    pub id: String,
    /// What kind of news it brings.
    pub subject: MessageSubject,
    /// How it is sent.
    pub channel: MessageChannel,
    /// The openid of a shopper; empty for staff.
    pub recipient: String,
    /// The order; `None` for a discrepancy without an order and for a complaint.
    pub order_id: Option<OrderId>,
    /// What it is about, by its subject: the id of an order, a parcel, an after-sale, a discrepancy or a complaint, or
    /// an `out_refund_no`. A full stop and a detail may follow the id.
    pub about: String,
    /// Its state.
    pub state: MessageState,
    /// The random name of the run of the job that sends it; empty before.
    pub sender: String,
    /// The receiver's error code, or a word of [`DropReason`](crate::message::DropReason).
    pub code: String,
    /// Why it was refused, dropped or delayed, in English.
    pub detail: String,
    /// When the shop wrote it, ms.
    pub created_ms: i64,
    /// When its state last changed, ms.
    pub changed_ms: i64,
}
