use crate::{
    Fen, OrderId,
    complaint::{
        ComplaintAnswerKind, ComplaintAnswerState, ComplaintProblem, ComplaintState, ComplaintWriter,
    },
};

/// A complaint that a shopper made at WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintRecord {
    /// WeChat's number of the complaint.
    pub id: String,
    /// Its state.
    pub state: ComplaintState,
    /// The order; `None` before the complaint is read, or if the order belongs to another system with the same merchant
    /// number.
    pub order_id: Option<OrderId>,
    /// The number of the payment that it is about; empty before the complaint is read.
    pub out_trade_no: String,
    /// WeChat's number of that payment; empty before the complaint is read.
    pub transaction_id: String,
    /// What it is about.
    pub problem: ComplaintProblem,
    /// The problem in the words that the shopper chose.
    pub problem_words: String,
    /// How much the shopper wants back, fen; 0 if the complaint does not say.
    pub refund_wanted: Fen,
    /// What the shopper wrote.
    pub detail: String,
    /// The shopper's telephone number, encrypted by WeChat for the merchant's private key. Empty if there is none.
    pub sealed_phone: String,
    /// The addresses of the shopper's pictures at WeChat.
    pub pictures: Vec<String>,
    /// How often the shopper complained about the same payment.
    pub times: i64,
    /// Whether the order is refunded in full, as WeChat says.
    pub is_fully_refunded: bool,
    /// Whether the shopper wrote something that staff have not answered.
    pub has_unanswered_response: bool,
    /// WeChat's number of the newest entry that the shopper wrote; empty before the complaint is read.
    pub newest_of_shopper: String,
    /// When the shopper complained, ms. Before the complaint is read: when its notification arrived.
    pub complained_ms: i64,
    /// When the shop last read it from WeChat, ms; `None` before.
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
    /// WeChat's word for its kind (`operate_type`).
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
    /// 32 random hexadecimal digits.
    pub id: String,
    /// The complaint.
    pub complaint_id: String,
    /// What it is.
    pub kind: ComplaintAnswerKind,
    /// The reply or the reason; otherwise empty.
    pub text: String,
    /// The staff member who wrote it.
    pub who: String,
    /// Its state.
    pub state: ComplaintAnswerState,
    /// WeChat's error code of the newest try; empty if there is none.
    pub code: String,
    /// WeChat's error message of the newest try; empty if there is none.
    pub message: String,
    /// When staff wrote it, ms.
    pub created_ms: i64,
    /// When its state changed, ms.
    pub changed_ms: i64,
}
