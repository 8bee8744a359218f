//! Reads WeChat's JSON: of `api.weixin.qq.com`, of Pay V3, and in the data of a mini program.

#[cfg(feature = "client")]
mod repair;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

#[cfg(feature = "client")]
pub(crate) use repair::{read_repaired, text_or_empty};

/// The text is not the documented JSON. This error does not contain the message of serde_json, which may quote a
/// secret.
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
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1. It is 0 before the first byte of the line.
    pub column: usize,
}

pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    serde_json::from_slice(text).map_err(|error| JsonError { line: error.line(), column: error.column() })
}

/// A word. WeChat may add words, so `T` has a variant for unknown ones.
pub(crate) fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    String::deserialize(deserializer).map(|word| T::from(&*word))
}

/// A text that may be missing, `null` or empty. All three mean the same.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| text.filter(|text| !text.is_empty()))
}

/// A value that only people read, so a wrong form must not fail the call. `null` and any undocumented form count as
/// missing.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    serde_json::Value::deserialize(deserializer).map(|value| serde_json::from_value(value).ok())
}

/// Like [`lenient`] for a text. An empty text counts as missing.
pub(crate) fn lenient_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    lenient(deserializer).map(|text: Option<String>| text.filter(|text| !text.is_empty()))
}

/// A list that may be `null`.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}
