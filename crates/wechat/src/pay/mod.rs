//! WeChat Pay.

#[cfg(feature = "client")]
mod twice;
pub mod v2;
#[cfg(feature = "v3")]
pub mod v3;

/// A word from outside as an error quotes it: it fits a line of a log, and does not begin another one.
fn for_log(word: &str) -> String {
    word.chars().filter(|character| !character.is_control()).take(64).collect()
}
