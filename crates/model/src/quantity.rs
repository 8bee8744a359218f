use std::{fmt, str::FromStr};

/// The number of pieces in one line of an order or a cart: 1 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u8);

impl Quantity {
    /// One piece.
    pub const ONE: Self = Self(1);
    /// 99 pieces, the maximum.
    pub const MAX: Self = Self(99);

    /// The number of pieces.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0 as i64
    }
}

/// The number is not from 1 to 99.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a quantity is a whole number from 1 to 99")]
pub struct QuantityError;

impl TryFrom<i64> for Quantity {
    type Error = QuantityError;

    fn try_from(pieces: i64) -> Result<Self, QuantityError> {
        match u8::try_from(pieces) {
            Ok(pieces @ 1..=99) => Ok(Self(pieces)),
            _ => Err(QuantityError),
        }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        text.parse::<i64>().map_err(|_| QuantityError)?.try_into()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
