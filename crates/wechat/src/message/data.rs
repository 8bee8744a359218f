use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};

/// The fields of a message. The name of a field begins with its kind (`thing1`: `thing`), and each value fits this
/// kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageData(BTreeMap<String, String>);

/// Why a value cannot be the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidField {
    /// WeChat refuses an empty value.
    #[error("the field {0} is empty")]
    Empty(String),
    /// The kind in the name of the field is unknown. The field `thing1` has the kind `thing`.
    #[error("the field {0} has no kind that WeChat documents")]
    Kind(String),
    /// The value has a character that the kind does not allow.
    #[error("the field {0} has a character that its kind does not allow")]
    Character(String),
    /// The value is too long, and its kind is one that is not cut: a number, a telephone number, an amount.
    #[error("the field {0} is too long")]
    TooLong(String),
}

impl MessageData {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a field. White space and control characters become spaces. A text that is too long is cut and
    /// ends with `…`.
    ///
    /// | kind | limit |
    /// |---|---|
    /// | `thing` | 20 characters |
    /// | `short_thing` | 5 characters |
    /// | `phrase` | 5 Chinese characters and nothing else; cut without `…` |
    /// | `name` | 10 Chinese characters, or 20 others |
    /// | `character_string`, `letter` | 32 digits, letters and symbols (letters); not cut |
    /// | `number` | 32 digits; not cut |
    /// | `amount` | one symbol, 10 digits, 元; not cut |
    /// | `phone_number`, `car_number`, `symbol` | 17, 8, 5 characters; not cut |
    /// | `time`, `date`, `const`, `keyword` | as given; `keyword` is cut to 20 characters |
    ///
    /// # Errors
    /// [`InvalidField`] names the field and never contains its value.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, InvalidField> {
        let value: String =
            value.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
        let value = fit(name, value.trim())?;
        self.0.insert(name.to_owned(), value);
        Ok(self)
    }

    /// The value of a field, as the client sends it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// `{"thing1": {"value": "…"}}`
impl Serialize for MessageData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Field<'a> {
            value: &'a str,
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, &Field { value })?;
        }
        map.end()
    }
}

fn fit(name: &str, value: &str) -> Result<String, InvalidField> {
    if value.is_empty() {
        return Err(InvalidField::Empty(name.to_owned()));
    }
    let whole = |longest: usize, is_allowed: fn(char) -> bool| {
        if !value.chars().all(is_allowed) {
            Err(InvalidField::Character(name.to_owned()))
        } else if value.chars().count() > longest {
            Err(InvalidField::TooLong(name.to_owned()))
        } else {
            Ok(value.to_owned())
        }
    };
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" | "keyword" => Ok(cut(value, 20)),
        "short_thing" => Ok(cut(value, 5)),
        "phrase" if !value.chars().all(is_chinese) => Err(InvalidField::Character(name.to_owned())),
        // WeChat takes Chinese characters only, so a cut phrase has no mark
        "phrase" => Ok(value.chars().take(5).collect()),
        "name" => Ok(cut(value, if value.is_ascii() { 20 } else { 10 })),
        "character_string" => whole(32, |c| c.is_ascii_graphic() || c == ' '),
        "letter" => whole(32, |c| c.is_ascii_alphabetic()),
        "number" => whole(32, |c| c.is_ascii_digit() || c == '.'),
        "amount" => {
            let digits = value.chars().filter(char::is_ascii_digit).count();
            if digits > 10 { Err(InvalidField::TooLong(name.to_owned())) } else { whole(16, |_| true) }
        }
        "phone_number" => whole(17, |c| c.is_ascii_digit() || "+-() ".contains(c)),
        "car_number" => whole(8, |_| true),
        "symbol" => whole(5, |c| !c.is_alphanumeric()),
        "time" | "date" | "const" => Ok(value.to_owned()),
        _ => Err(InvalidField::Kind(name.to_owned())),
    }
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn cut(value: &str, longest: usize) -> String {
    if value.chars().count() <= longest {
        return value.to_owned();
    }
    value.chars().take(longest - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_has_its_limit() {
        let long = "一二三四五六七八九十一二三四五六七八九十一";
        for (name, value, fitted) in [
            ("thing20", long, Ok("一二三四五六七八九十一二三四五六七八九…")),
            ("thing1", "two\nlines", Ok("two lines")),
            ("phrase3", "已经全部发货", Ok("已经全部发")),
            ("phrase3", "已发货!", Err(InvalidField::Character("phrase3".into()))),
            ("name1", "一二三四五六七八九十一", Ok("一二三四五六七八九…")),
            ("name1", "Alexander the Second of", Ok("Alexander the Secon…")),
            ("character_string32", "202611210000000101", Ok("202611210000000101")),
            ("character_string1", "单号1", Err(InvalidField::Character("character_string1".into()))),
            ("number1", "12.5", Ok("12.5")),
            ("number1", "twelve", Err(InvalidField::Character("number1".into()))),
            ("amount1", "¥59.00", Ok("¥59.00")),
            ("amount1", "¥12345678901", Err(InvalidField::TooLong("amount1".into()))),
            ("time5", "2026年11月29日 13:00", Ok("2026年11月29日 13:00")),
            ("phone_number1", "021-60000000", Ok("021-60000000")),
            ("thing1", " \n", Err(InvalidField::Empty("thing1".into()))),
            ("colour1", "red", Err(InvalidField::Kind("colour1".into()))),
        ] {
            let data = MessageData::new().with(name, value);
            let found = data.as_ref().map(|data| data.get(name).unwrap_or_default());
            assert_eq!(found, fitted.as_ref().map(|text| *text), "{name} {value}");
        }
    }

    proptest! {
        #[test]
        fn a_thing_never_exceeds_its_limit(value in "\\PC{1,60}") {
            if let Ok(data) = MessageData::new().with("thing1", &value) {
                let sent = data.get("thing1").unwrap();
                prop_assert!(sent.chars().count() <= 20 && !sent.chars().any(char::is_control));
            }
        }
    }
}
