//! The codec of the server functions: `model::text`, so that no JSON library reaches the browser.

use model::text::{TextError, TextForm, from_text, to_text};
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

/// One `name value` pair a line.
#[derive(Debug)]
pub struct Text;

impl ContentType for Text {
    const CONTENT_TYPE: &'static str = "text/plain;charset=utf-8";
}

impl FormatType for Text {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: TextForm> Encodes<T> for Text {
    type Error = TextError;

    fn encode(value: &T) -> Result<Bytes, TextError> {
        Ok(to_text(value).into())
    }
}

impl<T: TextForm> Decodes<T> for Text {
    type Error = TextError;

    fn decode(bytes: Bytes) -> Result<T, TextError> {
        let text = std::str::from_utf8(&bytes).map_err(|_| TextError(String::new()))?;
        from_text(text)
    }
}
