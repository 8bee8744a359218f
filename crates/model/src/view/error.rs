use std::{fmt, str::FromStr};

use crate::text::TextError;

/// What went wrong, as far as the browser acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// There is no session, or it has ended: log in.
    LoggedOut,
    /// The order has been paid: show it.
    AlreadyPaid,
    /// Trying again may help.
    TryAgain,
    /// Trying again does not help.
    Refused,
}

impl ErrorCode {
    const ALL: [Self; 4] = [Self::LoggedOut, Self::AlreadyPaid, Self::TryAgain, Self::Refused];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::AlreadyPaid => "already_paid",
            Self::TryAgain => "try_again",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ErrorCode {
    type Err = TextError;

    fn from_str(word: &str) -> Result<Self, TextError> {
        Self::ALL.into_iter().find(|code| code.as_str() == word).ok_or_else(|| TextError("code".to_owned()))
    }
}
