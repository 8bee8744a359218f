//! The outcome of one try to send a message.

use model::message::MessageState;

/// The outcome of one try to send a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SendOutcome {
    /// The next state. [`MessageState::Waiting`]: nothing was sent, and the job tries again.
    pub(super) state: MessageState,
    /// The receiver's code; may be empty.
    pub(super) code: String,
    /// Why, in English; empty for a message that was sent.
    pub(super) detail: String,
}

/// WeChat's codes after which the shop may send the same message later: WeChat is busy, a quota is used up, or another
/// message to the same user is being sent.
const LATER: [&str; 4] = ["-1", "45009", "45011", "43108"];

impl SendOutcome {
    pub(super) const fn sent() -> Self {
        Self { state: MessageState::Sent, code: String::new(), detail: String::new() }
    }

    pub(super) fn new(state: MessageState, code: impl ToString, detail: impl ToString) -> Self {
        Self { state, code: code.to_string(), detail: detail.to_string() }
    }

    /// The outcome after a failed call of WeChat. If the message may have arrived, it is never sent again.
    pub(super) fn of_wechat(error: &wechat::Error) -> Self {
        let code = error.code().unwrap_or_default();
        let state = if !error.endpoint().starts_with("cgi-bin/message/") {
            // the call for the access token failed, so the message was not sent
            MessageState::Waiting
        } else if !code.is_empty() {
            let may_repeat = LATER.contains(&code) || error.is_token_invalid();
            if may_repeat { MessageState::Waiting } else { MessageState::Refused }
        } else if error.is_unsent() {
            MessageState::Waiting
        } else {
            MessageState::Unknown
        };
        Self::new(state, code, error)
    }
}
