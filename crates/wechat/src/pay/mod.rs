//! WeChat Pay.

#[cfg(feature = "client")]
mod failover;
pub mod v2;
#[cfg(feature = "v3")]
pub mod v3;

/// Bytes that WeChat Pay takes of one character in UTF-8: its documents of both versions ask for one to three, so emoji are
/// refused (V2 since 2024-11-18; V3 in docs/merchant/development/interface-rules/basic-rules).
const LONGEST_CHARACTER: usize = 3;

/// The text as WeChat Pay is sent it: without the characters that it refuses. The requests of this crate are made with it.
///
/// ```
/// assert_eq!(wechat::pay::without_long_characters("小店🌸"), "小店");
/// ```
#[must_use]
pub fn without_long_characters(text: &str) -> String {
    text.chars().filter(|character| character.len_utf8() <= LONGEST_CHARACTER).collect()
}

/// A word from outside as an error quotes it: it fits a line of a log, and does not begin another one.
fn for_log(word: &str) -> String {
    word.chars().filter(|character| !character.is_control()).take(64).collect()
}
