use model::{complaint::ComplaintAnswerState, record::ComplaintAnswerRecord};
use store::{Command, ReadSet, UnitOfWork};
use wechat::ErrorKind;

use crate::ShopError;

/// The outcome of one try to send an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// WeChat has the answer.
    Sent,
    /// WeChat refused the answer for good.
    Refused { code: String, message: String },
    /// WeChat did not take the answer, but may take it later.
    NotSent { code: String, message: String },
    /// The shop does not know whether WeChat has the answer.
    Unanswered { code: String, message: String },
    /// The answer waited longer than a day.
    TooLate,
}

impl Outcome {
    pub(super) fn of(error: &wechat::Error) -> Self {
        let code = error.code().unwrap_or_default().to_owned();
        let message = error.message().map_or_else(|| error.to_string(), str::to_owned);
        match error.code() {
            // 系统错误 (system error): WeChat may have the answer
            Some("SYSTEM_ERROR" | "SYSTEMERROR") => Self::Unanswered { code, message },
            Some(_) if error.is_retryable() => Self::NotSent { code, message },
            Some(_) => Self::Refused { code, message },
            None if error.is_unsent() || error.kind() == ErrorKind::Configuration => {
                Self::NotSent { code, message }
            }
            None => Self::Unanswered { code, message },
        }
    }

    /// The shop could not ask WeChat about an answer with an unknown outcome.
    pub(super) fn unanswered(error: &ShopError) -> Self {
        Self::Unanswered { code: String::new(), message: error.to_string() }
    }

    /// Whether nothing is left to do.
    pub(super) const fn is_end(&self) -> bool {
        match self {
            Self::Sent | Self::Refused { .. } | Self::TooLate => true,
            Self::NotSent { .. } | Self::Unanswered { .. } => false,
        }
    }

    fn store(&self, row: &mut ComplaintAnswerRecord) {
        let (state, code, message) = match self {
            Self::Sent => (ComplaintAnswerState::Sent, "", ""),
            Self::TooLate => (ComplaintAnswerState::TooLate, row.code.as_str(), row.message.as_str()),
            Self::Refused { code, message } => {
                (ComplaintAnswerState::Refused, code.as_str(), message.as_str())
            }
            Self::NotSent { code, message } => {
                (ComplaintAnswerState::Waiting, code.as_str(), message.as_str())
            }
            Self::Unanswered { code, message } => {
                (ComplaintAnswerState::Sending, code.as_str(), message.as_str())
            }
        };
        (row.state, row.code, row.message) = (state, code.to_owned(), message.to_owned());
    }
}

/// Marks an answer as being sent: from now on WeChat may have it. Returns `false` if the answer has ended meanwhile.
pub(super) struct BeginSending {
    pub(super) id: String,
    pub(super) complaint_id: String,
    pub(super) now_ms: i64,
}

impl Command for BeginSending {
    type Reply = bool;

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.complaint_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> bool {
        let Some(mut row) = unit.complaint_answer(&self.id).filter(|row| row.state.is_open()).cloned() else {
            return false;
        };
        row.state = ComplaintAnswerState::Sending;
        row.changed_ms = self.now_ms;
        unit.set_complaint_answer(row);
        true
    }
}

/// Stores the outcome of one try.
pub(super) struct StoreOutcome {
    pub(super) id: String,
    pub(super) complaint_id: String,
    pub(super) outcome: Outcome,
    pub(super) now_ms: i64,
}

impl Command for StoreOutcome {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.complaint_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let Some(mut row) = unit.complaint_answer(&self.id).filter(|row| row.state.is_open()).cloned() else {
            return;
        };
        self.outcome.store(&mut row);
        row.changed_ms = self.now_ms;
        unit.set_complaint_answer(row);
    }
}
