use std::{fmt, iter::Sum, str::FromStr};

/// An amount of money in fen: 1/100 yuan. It can be negative.
///
/// `Display` writes yuan (`19.90`), for people. `FromStr` reads fen (`1990`), as WeChat Pay writes them. So
/// `fen.to_string().parse()` does not give the same amount: [`Fen::parse_yuan`] reads what `Display` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

impl Fen {
    /// Reads an amount in yuan: `12`, `12.5` or `12.50`. `None` for other text, a sign, more than two decimals, or
    /// overflow.
    ///
    /// ```
    /// use model::Fen;
    ///
    /// assert_eq!(Fen::parse_yuan("12.5"), Some(Fen(1250)));
    /// assert_eq!(Fen::parse_yuan("12.345"), None);
    /// ```
    #[must_use]
    pub fn parse_yuan(text: &str) -> Option<Self> {
        let (yuan, fraction) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(yuan) || !digits(fraction) || fraction.len() > 2 {
            return None;
        }
        let tens = if fraction.len() == 1 { 10 } else { 1 };
        let fen = fraction.parse::<i64>().ok()? * tens;
        yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen).map(Self)
    }

    /// 0 fen.
    pub const ZERO: Self = Self(0);

    /// The amount times a number of pieces, or `None` on overflow.
    #[must_use]
    pub const fn checked_mul(self, pieces: i64) -> Option<Self> {
        match self.0.checked_mul(pieces) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount in yuan with a comma between thousands, for sums that a person compares.
    ///
    /// ```
    /// use model::Fen;
    ///
    /// assert_eq!(Fen(123_456_789).with_separators(), "1,234,567.89");
    /// assert_eq!(Fen(-100_000).with_separators(), "-1,000.00");
    /// assert_eq!(Fen(99_999).with_separators(), "999.99");
    /// ```
    #[must_use]
    pub fn with_separators(self) -> String {
        let plain = self.to_string();
        let (sign, number) = plain.split_at(usize::from(self.0 < 0));
        let whole = number.len() - ".00".len();
        let mut written = sign.to_owned();
        for (at, digit) in number.char_indices() {
            if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
                written.push(',');
            }
            written.push(digit);
        }
        written
    }
}

/// Writes yuan with two decimals, as people read it and as WeChat's bills write it.
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

/// A sum wraps on overflow in a release build. Use [`Fen::checked_add`] for amounts from outside.
impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|fen| fen.0).sum())
    }
}

/// The text is not a whole number of fen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number of fen, such as 1990 for 19.90 yuan")]
pub struct ParseFenError;

/// Reads a whole number of fen, as the payment API writes it: no sign, no decimal point.
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
