use std::{fmt, str::FromStr};

use crate::UnknownWord;

/// What an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderKind {
    /// Goods.
    Goods,
    /// Money for the shopper's balance.
    TopUp,
}

impl OrderKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::TopUp => "top_up",
        }
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OrderKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        [Self::Goods, Self::TopUp].into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownWord)
    }
}
