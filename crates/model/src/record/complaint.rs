use crate::{
    Fen, OrderId,
    complaint::{
        ComplaintAnswerKind, ComplaintAnswerState, ComplaintProblem, ComplaintState, ComplaintWriter,
    },
};

/// A complaint that a shopper made at WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintRecord {
    /// WeChat's number.
    pub id: String,
    /// Its state.
    pub state: ComplaintState,
    /// The order. `None` if this shop has no such order: another system uses the same merchant number.
    pub order_id: Option<OrderId>,
    /// The number of the payment that it is about; empty before the complaint is read.
    pub out_trade_no: String,
    /// WeChat's number of that payment.
    pub transaction_id: String,
    /// What it is about.
    pub problem: ComplaintProblem,
    /// The problem in the words that the shopper chose.
    pub problem_words: String,
    /// How much the shopper wants back; 0 if the complaint does not say.
    pub refund_wanted: Fen,
    /// The shopper's words.
    pub detail: String,
    /// The shopper's telephone number as WeChat sent it: encrypted, only the merchant's private key opens it. Empty if
    /// there is none.
    pub sealed_phone: String,
    /// The addresses of the shopper's pictures at WeChat.
    pub pictures: Vec<String>,
    /// How often the shopper complained.
    pub times: i64,
    /// Whether the order is refunded in full, as WeChat says.
    pub is_fully_refunded: bool,
    /// Whether the shopper wrote something that staff have not answered.
    pub has_unanswered_response: bool,
    /// The number of the newest entry that the shopper wrote; empty before the complaint is read.
    pub newest_of_shopper: String,
    /// When the shopper complained, ms. Before the complaint is read: when the shop heard of it.
    pub complained_ms: i64,
    /// When the shop last read it at WeChat, ms.
    pub read_ms: Option<i64>,
}

/// An entry of the negotiation about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintEntryRecord {
    /// The complaint.
    pub complaint_id: String,
    /// WeChat's number of the entry.
    pub log_id: String,
    /// Who wrote it.
    pub writer: ComplaintWriter,
    /// What it is, in WeChat's word (`operate_type`).
    pub kind: String,
    /// The text.
    pub text: String,
    /// The addresses of its pictures at WeChat.
    pub pictures: Vec<String>,
    /// When it was written, ms.
    pub at_ms: i64,
}

/// An answer of staff to a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintAnswerRecord {
    /// Its id.
    pub id: String,
    /// The complaint.
    pub complaint_id: String,
    /// What it is.
    pub kind: ComplaintAnswerKind,
    /// The reply or the reason; otherwise empty.
    pub text: String,
    /// The staff member.
    pub who: String,
    /// Its state.
    pub state: ComplaintAnswerState,
    /// WeChat's code if WeChat refused it, or did not take it yet.
    pub code: String,
    /// WeChat's message.
    pub message: String,
    /// When staff wrote it, ms.
    pub created_ms: i64,
    /// When its state changed, ms.
    pub changed_ms: i64,
}
