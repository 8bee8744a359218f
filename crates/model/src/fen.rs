use std::{fmt, iter::Sum, str::FromStr};

/// An amount of money in fen, a hundredth of a yuan. Never a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

impl Fen {
    /// From yuan as people write them: `12`, `12.5` or `12.50`.
    ///
    /// ```
    /// use model::Fen;
    ///
    /// assert_eq!(Fen::of_yuan("12.5"), Some(Fen(1250)));
    /// assert_eq!(Fen::of_yuan("12.345"), None);
    /// ```
    #[must_use]
    pub fn of_yuan(text: &str) -> Option<Self> {
        let (yuan, fraction) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(yuan) || !digits(fraction) || fraction.len() > 2 {
            return None;
        }
        let tens = if fraction.len() == 1 { 10 } else { 1 };
        let fen = fraction.parse::<i64>().ok()? * tens;
        yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen).map(Self)
    }

    /// No money.
    pub const ZERO: Self = Self(0);

    /// The product with a number of pieces, or `None` where it does not fit.
    #[must_use]
    pub const fn times(self, pieces: i64) -> Option<Self> {
        match self.0.checked_mul(pieces) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }
}

/// As yuan with two decimals, as people read it and as WeChat's bills write it.
///
/// ```
/// assert_eq!(model::Fen(1990).to_string(), "19.90");
/// assert_eq!(model::Fen(-5).to_string(), "-0.05");
/// ```
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|fen| fen.0).sum())
    }
}

/// Text that is not a whole number of fen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number of fen, such as 1990 for 19.90 yuan")]
pub struct ParseFenError;

/// From a whole number of fen, as the payment API writes it: no sign, no decimal point.
///
/// ```
/// assert_eq!("1990".parse(), Ok(model::Fen(1990)));
/// assert!("19.90".parse::<model::Fen>().is_err());
/// ```
impl FromStr for Fen {
    type Err = ParseFenError;

    fn from_str(text: &str) -> Result<Self, ParseFenError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseFenError);
        }
        text.parse().map(Self).map_err(|_| ParseFenError)
    }
}
