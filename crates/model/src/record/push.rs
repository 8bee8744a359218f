use crate::push::{PushAccount, PushOutcome};

/// A message that WeChat pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRecord {
    /// The account, a colon, and the key that all copies of the message share.
    pub id: String,
    /// The account.
    pub account: PushAccount,
    /// When the first copy arrived, ms.
    pub received_ms: i64,
    /// The message as JSON; empty after an erasure.
    pub content: String,
    /// When the job handled it, ms; `None` before.
    pub handled_ms: Option<i64>,
    /// What the shop did with it.
    pub outcome: PushOutcome,
}
