//! Reads JSON with a text that a person typed, such as a nickname.

use serde::{Deserializer, de::DeserializeOwned};

use super::{JsonError, lenient};

/// Reads a response with a text that a person typed. WeChat sends such a text unchanged. So this function replaces
/// bytes that are not UTF-8, control characters, invalid escapes and lone surrogates with U+FFFD.
pub(crate) fn read_repaired<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    super::read(text).or_else(|_| super::read(repaired(text).as_bytes()))
}

/// Makes the strings of the JSON valid. Outside a string this function only replaces bytes that are not UTF-8.
fn repaired(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut repaired = String::with_capacity(text.len());
    let mut rest = &*text;
    let mut in_string = false;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '"' => {
                in_string = !in_string;
                repaired.push(character);
            }
            '\\' if in_string => {
                length = escape_length(rest);
                let escape = rest.get(..length).unwrap_or("\\ufffd");
                repaired.push_str(if is_escape(escape) { escape } else { "\\ufffd" });
            }
            character if in_string && character.is_control() => repaired.push('\u{fffd}'),
            character => repaired.push(character),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    repaired
}

/// The length in bytes of the escape at the start of the text. A surrogate pair counts as one escape.
fn escape_length(text: &str) -> usize {
    let unit = |from: usize| {
        let digits = text.get(from..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (Some(_), _) => 6,
        (None, _) => 1 + text.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
    }
}

fn is_escape(text: &str) -> bool {
    serde_json::from_str::<String>(&format!("\"{text}\"")).is_ok()
}

/// A text that a person typed. If it is missing, `null` or has another form, it is empty.
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    lenient(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn any_text_that_a_person_typed_is_read() {
        for (json, name) in [
            (&b"{\"a\":1,\"name\":\"x\ny\"}"[..], "x\u{fffd}y"),
            (b"{\"a\":1,\"name\":\"\xe5\xb0\"}", "\u{fffd}"),
            (b"{\"a\":1,\"name\":\"\\ud83c!\"}", "\u{fffd}!"),
            (b"{\"a\":1,\"name\":\"\\ud83c\\udf75\"}", "🍵"),
            (b"{\"a\":1,\"name\":\"\\q\\\\\\\"\"}", "\u{fffd}\\\""),
            ("{\"a\":1,\"name\":\"小王🌸\"}".as_bytes(), "小王🌸"),
        ] {
            let read: Value = read_repaired(json).unwrap_or_else(|error| panic!("{json:?}: {error}"));
            assert_eq!((&read["name"], &read["a"]), (&Value::from(name), &Value::from(1)));
        }
        assert!(read_repaired::<Value>(b"{\"a\":\x01}").is_err(), "only strings are repaired");
    }
}
