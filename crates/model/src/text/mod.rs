//! The text in which server functions speak: one `name value` pair a line.
//!
//! A JSON library would weigh more than everything else that the browser loads, and a handful of short
//! values needs none. Names are ours; in values `%`, line feeds and carriage returns are escaped.

mod reader;
mod text_form;
mod writer;

pub use reader::{TextError, TextReader};
pub use writer::TextWriter;

/// What can be sent in this text.
pub trait TextForm: Sized {
    /// Writes each field.
    fn write(&self, to: &mut TextWriter);

    /// Reads each field.
    ///
    /// # Errors
    /// [`TextError`] if a field is missing or does not parse.
    fn read(from: &TextReader<'_>) -> Result<Self, TextError>;
}

/// The text of a value.
#[must_use]
pub fn to_text<T: TextForm>(value: &T) -> String {
    let mut writer = TextWriter::default();
    value.write(&mut writer);
    writer.finish()
}

/// The value of a text.
///
/// # Errors
/// [`TextError`] if the text is not one of this kind.
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
