//! The reason of a refund, which the shopper reads in WeChat: `refund_desc` of V2, `reason` of V3, at most 80 bytes of
//! UTF-8.

use wechat::pay::without_four_byte_characters;

use crate::ShopError;

/// The maximum length of a reason, bytes. A Chinese character has three bytes.
pub const MAX_REASON_BYTES: usize = 80;

/// Checks that WeChat accepts a reason. WeChat does not show emoji, so they do not count.
///
/// # Errors
/// [`ShopError::BadRequest`] for an empty or long reason, a reason of emoji only, or control characters.
pub(super) fn checked(reason: &str) -> Result<(), ShopError> {
    let sent = without_four_byte_characters(reason);
    if sent.trim().is_empty() || sent.len() > MAX_REASON_BYTES {
        return Err(ShopError::BadRequest(
            "a refund has a reason of 1 to 80 bytes (26 Chinese characters), without emoji",
        ));
    }
    if reason.chars().any(char::is_control) {
        return Err(ShopError::BadRequest("a reason has no control characters: XML has no place for them"));
    }
    Ok(())
}

/// A reason from a shopper's own words: without emoji and control characters, cut to the length that WeChat accepts.
/// Never empty.
pub(crate) fn cut(words: &str) -> String {
    let mut reason = String::new();
    for character in without_four_byte_characters(words).chars().filter(|character| !character.is_control()) {
        if reason.len() + character.len_utf8() > MAX_REASON_BYTES {
            break;
        }
        reason.push(character);
    }
    if reason.trim().is_empty() { "买家申请退款".to_owned() } else { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_counted_in_bytes() {
        assert!(checked(&"破".repeat(26)).is_ok() && checked(&"破".repeat(27)).is_err());
        assert!(checked(&"a".repeat(80)).is_ok() && checked(&"a".repeat(81)).is_err());
        for wrong in ["", " ", "🌸", "a\nb"] {
            assert!(checked(wrong).is_err(), "{wrong:?}");
        }
        assert!(checked("不要了🌸").is_ok(), "the client leaves the flower out");
    }

    #[test]
    fn a_shoppers_words_are_cut_at_a_character() {
        assert_eq!(cut(&"破".repeat(200)).len(), 78);
        assert_eq!(cut("颜色🌸\n不对"), "颜色不对");
        assert_eq!(cut("🌸"), "买家申请退款");
    }
}
