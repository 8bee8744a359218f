//! JSON from outside.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// Where a text is not the documented JSON. serde_json's own words may quote a secret, so they are left out.
///
/// ```
/// use wechat::pay::v3::{ReadError, Refund};
///
/// let Err(ReadError::Json(error)) = Refund::from_json("{\n]") else { panic!("not JSON") };
/// assert_eq!((error.line, error.column), (2, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the documented JSON at line {line}, column {column}")]
pub struct JsonError {
    /// From 1.
    pub line: usize,
    /// From 1; 0 before the line's first byte.
    pub column: usize,
}

pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    serde_json::from_slice(text).map_err(|error| JsonError { line: error.line(), column: error.column() })
}

/// A word of a list that may grow.
pub(crate) fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    String::deserialize(deserializer).map(|word| T::from(&*word))
}

/// The same where the word may be missing; an empty one is none.
pub(crate) fn optional_word<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    optional_text(deserializer).map(|word| word.map(|word| T::from(&*word)))
}

/// A text that may be missing, `null` or empty, which is all the same.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| text.filter(|text| !text.is_empty()))
}

/// A list that may be `null`.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}
