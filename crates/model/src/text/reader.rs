use std::{error, fmt, str::FromStr};

/// A field is missing or does not parse. It contains the name of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError(pub String);

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("missing or wrong: ")?;
        f.write_str(&self.0)
    }
}

impl error::Error for TextError {}

/// Reads the fields of a text by name.
#[derive(Debug)]
pub struct TextReader<'a>(&'a str);

impl<'a> TextReader<'a> {
    /// A reader of this text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The value of a field.
    ///
    /// # Errors
    /// [`TextError`] if there is no such field.
    pub fn get(&self, name: &str) -> Result<String, TextError> {
        self.0
            .split('\n')
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
            .map(unescaped)
            .ok_or_else(|| TextError(name.to_owned()))
    }

    /// The parsed value of a field.
    ///
    /// # Errors
    /// [`TextError`] if there is no such field, or it does not parse.
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<T, TextError> {
        self.get(name)?.parse().map_err(|_| TextError(name.to_owned()))
    }
}

/// Reverses the escapes of the writer. It does not use `str::replace`, because that would make the WebAssembly bundle
/// larger.
fn unescaped(value: &str) -> String {
    let mut pieces = value.split('%');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (character, rest) = match piece.as_bytes() {
            [b'0', b'A', ..] => ('\n', piece.get(2..)),
            [b'0', b'D', ..] => ('\r', piece.get(2..)),
            [b'2', b'5', ..] => ('%', piece.get(2..)),
            _ => ('%', Some(piece)),
        };
        text.push(character);
        text.push_str(rest.unwrap_or_default());
    }
    text
}
