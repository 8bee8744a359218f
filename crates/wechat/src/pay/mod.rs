//! WeChat Pay: orders, payments, refunds and complaints. `v2` is the XML API, `v3` the JSON API.
//!
//! An order never has `profit_sharing`: WeChat would freeze its money until a call divides or unfreezes it, and this
//! crate does not have this call.

#[cfg(feature = "v3")]
mod clock_and_nonce;
#[cfg(feature = "client")]
mod failover;
mod payment_id;
mod refund_request_amount;
mod sub_merchant;
pub mod v2;
#[cfg(feature = "v3")]
pub mod v3;

#[cfg(feature = "v3")]
pub use clock_and_nonce::{ClockAndNonce, SystemClockAndNonce};
pub use payment_id::PaymentId;
pub use refund_request_amount::RefundRequestAmount;
pub use sub_merchant::SubMerchant;

/// WeChat Pay accepts characters with at most three bytes in UTF-8, so emoji are refused (V2 since 2024-11-18; V3 in
/// docs/merchant/development/interface-rules/basic-rules).
const MAX_CHARACTER_LENGTH: usize = 3;

/// Removes the characters that WeChat Pay refuses: those with four bytes in UTF-8. All requests of this crate call it.
///
/// ```
/// assert_eq!(wechat::pay::without_four_byte_characters("小店🌸"), "小店");
/// ```
#[must_use]
pub fn without_four_byte_characters(text: &str) -> String {
    text.chars().filter(|character| character.len_utf8() <= MAX_CHARACTER_LENGTH).collect()
}

/// Shortens a text from outside for an error message: at most 64 characters, no line breaks.
fn shortened_for_log(word: &str) -> String {
    word.chars().filter(|character| !character.is_control()).take(64).collect()
}
