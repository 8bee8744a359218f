//! The XML of WeChat Pay V2: a root element with flat fields of CDATA or text.

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

use super::{Fields, fields::Begun};

/// The largest message, in bytes. WeChat's largest field, `detail`, has 6,000.
///
/// ```
/// use wechat::wire::xml::{MAX_LENGTH, XmlError, parse};
///
/// assert_eq!(parse(" ".repeat(MAX_LENGTH + 1).as_bytes()), Err(XmlError::TooLong));
/// ```
pub const MAX_LENGTH: usize = 64 * 1024;

/// The largest number of fields in a message.
pub const MAX_FIELDS: usize = 256;

/// Why a message cannot be read.
///
/// ```
/// use wechat::wire::xml::{XmlError, parse};
///
/// assert_eq!(parse(b"<!DOCTYPE xml><xml/>"), Err(XmlError::Forbidden(0)));
/// assert_eq!(parse(b"<xml><a>1</a><a>2</a></xml>"), Err(XmlError::Duplicate(17)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// The message is longer than [`MAX_LENGTH`].
    #[error("the message is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The message has more than [`MAX_FIELDS`] fields.
    #[error("the message has more than {MAX_FIELDS} fields")]
    TooManyFields,
    /// The message is not UTF-8.
    #[error("the message is not UTF-8")]
    NotUtf8,
    /// The message is not well-formed at this byte.
    #[error("the message is not well-formed XML at byte {0}")]
    Malformed(u64),
    /// A document type, a processing instruction, or an entity that XML does not define itself.
    #[error("the message has a DOCTYPE, a processing instruction or an entity at byte {0}")]
    Forbidden(u64),
    /// The root element is not the expected one.
    #[error("the root of the message is not the expected element")]
    Root,
    /// A field contains an element.
    #[error("the message has an element inside a field at byte {0}")]
    Nested(u64),
    /// The message has the same field twice.
    #[error("the message has a field twice at byte {0}")]
    Duplicate(u64),
    /// A wrong field name. A name has ASCII letters, digits, `_`, `-` and `.`, and no attributes.
    ///
    /// A name with `=` and `&` would have the same signature as two fields.
    #[error("the message has a field with a wrong name or with attributes at byte {0}")]
    Name(u64),
    /// Text after the root or between the fields, other than white space.
    #[error("the message has text outside its fields at byte {0}")]
    Stray(u64),
}

/// Reads a message with the root `xml`.
///
/// # Errors
/// [`XmlError`] says what is wrong and where. A DOCTYPE and custom entities are refused, so that no external entity is
/// ever loaded.
///
/// ```
/// let fields = wechat::wire::xml::parse(b"<xml><body><![CDATA[a & b]]></body><total_fee>1</total_fee></xml>")?;
/// assert_eq!(fields.get("body"), Some("a & b"));
/// assert_eq!(fields.get("total_fee"), Some("1"));
/// # Ok::<(), wechat::wire::xml::XmlError>(())
/// ```
pub fn parse(message: &[u8]) -> Result<Fields, XmlError> {
    parse_rooted(message, "xml")
}

/// Reads a message with another root element: the decrypted `req_info` of a refund notification has `root`.
///
/// ```
/// use wechat::wire::xml::{XmlError, parse_rooted};
///
/// let message = b"<root><refund_fee>990</refund_fee></root>";
/// assert_eq!(parse_rooted(message, "root")?.get("refund_fee"), Some("990"));
/// assert_eq!(parse_rooted(message, "xml"), Err(XmlError::Root));
/// # Ok::<(), XmlError>(())
/// ```
///
/// # Errors
/// As [`parse`].
pub fn parse_rooted(message: &[u8], root: &str) -> Result<Fields, XmlError> {
    if message.len() > MAX_LENGTH {
        return Err(XmlError::TooLong);
    }
    let text = std::str::from_utf8(message).map_err(|_| XmlError::NotUtf8)?;
    // this loop has no early exit, so that the compiler can vectorize it
    if text.bytes().fold(false, |found, byte| found | is_control(byte)) {
        let at = text.bytes().position(is_control).unwrap_or_default();
        return Err(XmlError::Malformed(at as u64));
    }
    let mut reader = Reader::from_str(text);
    let mut fields = Fields::with_capacity(text.len(), 32);
    let mut state = State::BeforeRoot;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|_| XmlError::Malformed(at))?;
        state = match (state, event) {
            (State::BeforeRoot, Event::Decl(_)) => State::BeforeRoot,
            (_, Event::Decl(_) | Event::DocType(_) | Event::PI(_)) => return Err(XmlError::Forbidden(at)),
            (state, Event::Comment(_)) => state,
            (State::BeforeRoot, Event::Start(tag)) if tag.trim_ascii_end() == root => State::InRoot,
            (State::BeforeRoot, Event::Empty(tag)) if tag.trim_ascii_end() == root => State::AfterRoot,
            (State::BeforeRoot, Event::Start(_) | Event::Empty(_)) => return Err(XmlError::Root),
            (State::InRoot, Event::Start(tag)) => State::InField(begin(&mut fields, &tag, at)?),
            (State::InRoot, Event::Empty(tag)) => {
                let begun = begin(&mut fields, &tag, at)?;
                finish(&mut fields, begun, at)?;
                State::InRoot
            }
            (State::InRoot, Event::End(_)) => State::AfterRoot,
            (State::InField(_), Event::Start(_) | Event::Empty(_)) => return Err(XmlError::Nested(at)),
            (State::InField(begun), Event::Text(text)) => {
                // line ends are part of the signed text, so they stay unchanged
                fields.push_str(&text);
                State::InField(begun)
            }
            (State::InField(begun), Event::CData(text)) => {
                fields.push_str(&text);
                State::InField(begun)
            }
            (State::InField(begun), Event::GeneralRef(reference)) => {
                fields.push(resolve(&reference, at)?);
                State::InField(begun)
            }
            (State::InField(begun), Event::End(_)) => {
                finish(&mut fields, begun, at)?;
                State::InRoot
            }
            (state, Event::Text(text)) if text.bytes().all(|byte| byte.is_ascii_whitespace()) => state,
            (State::AfterRoot, Event::Eof) => return Ok(fields),
            (_, Event::Eof) => return Err(XmlError::Malformed(at)),
            _ => return Err(XmlError::Stray(at)),
        };
    }
}

/// Whether XML forbids this control character, written directly or by number.
const fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

enum State {
    BeforeRoot,
    InRoot,
    InField(Begun),
    AfterRoot,
}

/// Begins a field. `tag` is the whole text between the angle brackets; an attribute makes its name invalid.
fn begin(fields: &mut Fields, tag: &str, at: u64) -> Result<Begun, XmlError> {
    let name = tag.trim_ascii_end();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || !name.bytes().all(fits) {
        return Err(XmlError::Name(at));
    }
    if fields.len() == MAX_FIELDS {
        return Err(XmlError::TooManyFields);
    }
    Ok(fields.begin(name))
}

fn finish(fields: &mut Fields, begun: Begun, at: u64) -> Result<(), XmlError> {
    if fields.finish(begun) { Ok(()) } else { Err(XmlError::Duplicate(at)) }
}

/// The character of a reference: a number, or one of the five names that XML defines.
fn resolve(reference: &BytesRef<'_>, at: u64) -> Result<char, XmlError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| XmlError::Malformed(at))? {
        let control = u8::try_from(character).is_ok_and(is_control);
        return if control { Err(XmlError::Malformed(at)) } else { Ok(character) };
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(XmlError::Forbidden(at)),
    }
}

/// Writes a message with the root element `xml`. Each value is CDATA.
///
/// This does not check the names. They must come from WeChat's documentation, not from input.
///
/// ```
/// let fields = wechat::wire::Fields::new().with("return_code", "SUCCESS");
/// assert_eq!(wechat::wire::xml::write(&fields), "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>");
/// ```
#[must_use]
pub fn write(fields: &Fields) -> String {
    write_rooted(fields, "xml")
}

/// Writes a message with another root element.
///
/// ```
/// let fields = wechat::wire::Fields::new().with("a", "]]>");
/// let text = wechat::wire::xml::write_rooted(&fields, "root");
/// assert_eq!(wechat::wire::xml::parse_rooted(text.as_bytes(), "root")?, fields);
/// # Ok::<(), wechat::wire::xml::XmlError>(())
/// ```
#[must_use]
pub fn write_rooted(fields: &Fields, root: &str) -> String {
    let length = fields.iter().map(|(name, value)| 2 * name.len() + value.len() + 17).sum::<usize>();
    let mut text = String::with_capacity(length + 2 * root.len() + 5);
    let tag = |before: &str, name: &str, text: &mut String| {
        text.push_str(before);
        text.push_str(name);
        text.push('>');
    };
    tag("<", root, &mut text);
    for (name, value) in fields.iter() {
        tag("<", name, &mut text);
        text.push_str("<![CDATA[");
        for (at, piece) in value.split("]]>").enumerate() {
            if at > 0 {
                // a CDATA section cannot contain its own end: close it in the middle and open the next one
                text.push_str("]]]]><![CDATA[>");
            }
            text.push_str(piece);
        }
        text.push_str("]]>");
        tag("</", name, &mut text);
    }
    tag("</", root, &mut text);
    text
}
