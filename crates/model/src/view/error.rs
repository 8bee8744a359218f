use std::{fmt, str::FromStr};

use crate::text::TextError;

/// What the browser has to know about an error: what it should do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// There is no session, or it has ended. The browser goes to the login.
    LoggedOut,
    /// The order is paid already. The browser shows the order.
    AlreadyPaid,
    /// Another try may succeed.
    TryAgain,
    /// Another try does not help.
    Refused,
}

impl ErrorCode {
    const ALL: [Self; 4] = [Self::LoggedOut, Self::AlreadyPaid, Self::TryAgain, Self::Refused];

    /// The word in the answer to the browser.
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
