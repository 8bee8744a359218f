//! Normalises text that a person typed or pasted, before the checks.

use unicode_normalization::UnicodeNormalization;
use wechat::pay::without_four_byte_characters;

/// Normalises a number, an amount or a code: `１９．９０` becomes `19.90`. Full-width letters and digits become ASCII
/// (Unicode NFKC). Removes white space at the ends, and format characters such as the direction marks that iOS puts
/// around phone numbers.
///
/// ```
/// assert_eq!(shop::typed::number("\u{202d}138\u{a0}0013 8000\u{202c}"), "138 0013 8000");
/// assert_eq!(shop::typed::number(" １９。９０ "), "19.90");
/// ```
#[must_use]
pub fn number(text: &str) -> String {
    let text: String = text
        .nfkc()
        .filter(|character| !is_invisible(*character))
        .map(|character| match character {
            // from Chinese keyboards: the full stop, the enumeration comma, and dashes of all lengths
            '。' => '.',
            '、' => ',',
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            other if other.is_whitespace() => ' ',
            other => other,
        })
        .collect();
    text.trim().to_owned()
}

/// Normalises a text of one line, such as a name or a part of an address. Special spaces become ordinary spaces, and
/// direction marks are removed. Emoji stay. Control characters stay, so that the caller can refuse them.
///
/// ```
/// assert_eq!(shop::typed::line(" 小\u{a0}王\u{202e}🌸 "), "小 王🌸");
/// ```
#[must_use]
pub fn line(text: &str) -> String {
    let is_blank =
        |character: char| character == '\t' || (character.is_whitespace() && !character.is_control());
    let text: String = text
        .chars()
        .filter(|character| !is_direction(*character))
        .map(|character| if is_blank(character) { ' ' } else { character })
        .collect();
    text.trim().to_owned()
}

/// Normalises a text of several lines: each line as with [`line()`], but other control characters are removed.
///
/// ```
/// assert_eq!(shop::typed::lines("请\r\n放门口\u{0} "), "请\n放门口");
/// ```
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> =
        text.split(['\n', '\r']).map(|text| line(text).replace(char::is_control, "")).collect();
    lines.join("\n").trim().to_owned()
}

/// Whether a character changes the direction of the text around it. With such a character a line can look like another
/// line.
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether it is a format character, which a number does not need.
const fn is_invisible(character: char) -> bool {
    is_direction(character)
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'
                ..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
        )
}

/// Whether WeChat Pay accepts a text: it refuses emoji (docs/wechat-protocol-2.md, 12).
#[must_use]
pub fn fits_wechat_pay(text: &str) -> bool {
    without_four_byte_characters(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_meant() {
        for (typed, meant) in [
            ("２", "2"),
            ("１９.９０", "19.90"),
            ("（021）5555\u{2013}0000", "(021)5555-0000"),
            ("+86\u{a0}138 0013 8000", "+86 138 0013 8000"),
            ("\u{feff}12\u{200b}3", "123"),
            ("−3", "-3"),
        ] {
            assert_eq!(number(typed), meant, "{typed:?}");
        }
    }

    #[test]
    fn a_joined_emoji_is_kept_and_a_direction_mark_is_removed() {
        assert_eq!(line("王👨‍👩‍👧"), "王👨‍👩‍👧");
        assert_eq!(line("价格\u{202e}00.1"), "价格00.1");
        assert_eq!(lines("a\u{2028}b\u{2067}\n\n c\t"), "a b\n\nc");
    }

    #[test]
    fn wechat_accepts_chinese_but_no_emoji() {
        assert!(fits_wechat_pay("小店 €1") && !fits_wechat_pay("小店🌸"));
    }
}
