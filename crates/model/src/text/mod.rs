//! The text format of the arguments and results of server functions: one `name value` pair in each line.
//!
//! It replaces JSON, because a JSON library would make the WebAssembly bundle much larger. Values escape `%`, line
//! feeds and carriage returns; names contain none of them.

mod reader;
mod text_form;
mod writer;

pub use reader::{TextError, TextReader};
pub use writer::TextWriter;

/// A type that has this text form.
pub trait TextForm: Sized {
    /// Writes all fields.
    fn write(&self, to: &mut TextWriter);

    /// Reads all fields.
    ///
    /// # Errors
    /// [`TextError`] if a field is missing or does not parse.
    fn read(from: &TextReader<'_>) -> Result<Self, TextError>;
}

/// Writes a value as text.
#[must_use]
pub fn to_text<T: TextForm>(value: &T) -> String {
    let mut writer = TextWriter::default();
    value.write(&mut writer);
    writer.finish()
}

/// Reads a value from its text.
///
/// # Errors
/// [`TextError`] if a field is missing or does not parse.
pub fn from_text<T: TextForm>(text: &str) -> Result<T, TextError> {
    T::read(&TextReader::new(text))
}

impl TextForm for () {
    fn write(&self, _: &mut TextWriter) {}

    fn read(_: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_value_comes_back_as_it_was(one in ".*", two in ".*") {
            let mut writer = TextWriter::default();
            writer.put("one", &one);
            writer.put("two", &two);
            let text = writer.finish();
            let reader = TextReader::new(&text);
            prop_assert_eq!(reader.get("one"), Ok(one));
            prop_assert_eq!(reader.get("two"), Ok(two));
        }

        #[test]
        fn reading_never_panics(text in ".*", name in "[a-z]{1,5}") {
            let _ = TextReader::new(&text).get(&name);
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(TextReader::new("one 1").get("two"), Err(TextError("two".to_owned())));
    }
}
