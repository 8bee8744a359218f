use model::{complaint::ComplaintAnswerState, record::ComplaintAnswerRecord};
use store::{Command, ReadSet, UnitOfWork};
use wechat::ErrorKind;

use crate::ShopError;

/// What became of one try to send an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// WeChat has it.
    Sent,
    /// WeChat will not take it.
    Refused { code: String, message: String },
    /// WeChat did not take it, and may take it later.
    NotSent { code: String, message: String },
    /// It is not known whether WeChat took it.
    Unanswered { code: String, message: String },
    /// It waited for more than a day.
    TooLate,
}

impl Outcome {
    pub(super) fn of(error: &wechat::Error) -> Self {
        let code = error.code().unwrap_or_default().to_owned();
        let message = error.message().map_or_else(|| error.to_string(), str::to_owned);
        match error.code() {
            // 系统错误: WeChat may have it
            Some("SYSTEM_ERROR" | "SYSTEMERROR") => Self::Unanswered { code, message },
            Some(_) if error.is_retryable() => Self::NotSent { code, message },
            Some(_) => Self::Refused { code, message },
            None if error.is_unsent() || error.kind() == ErrorKind::Configuration => {
                Self::NotSent { code, message }
            }
            None => Self::Unanswered { code, message },
        }
    }

    /// WeChat could not be asked about an answer whose outcome is not known.
    pub(super) fn unanswered(error: &ShopError) -> Self {
        Self::Unanswered { code: String::new(), message: error.to_string() }
    }

    /// Whether there is nothing left to do.
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

/// Marks an answer as one that WeChat may have. Answers `false` if it has ended meanwhile.
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

/// Stores the outcome of a try.
pub(super) struct Conclude {
    pub(super) id: String,
    pub(super) complaint_id: String,
    pub(super) outcome: Outcome,
    pub(super) now_ms: i64,
}

impl Command for Conclude {
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
