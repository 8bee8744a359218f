use crate::push::{PushAccount, PushOutcome};

/// A message that WeChat pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRecord {
    /// The account, and what copies of the message have in common.
    pub id: String,
    /// The account.
    pub account: PushAccount,
    /// When the first copy arrived, ms.
    pub received_ms: i64,
    /// The message as JSON.
    pub content: String,
    /// When it was handled, ms.
    pub handled_ms: Option<i64>,
    /// What the shop did with it.
    pub outcome: PushOutcome,
}
