//! Reads the XML of a push as JSON. Unlike the XML of payments it has nested elements and lists.

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};
use serde_json::{Map, Value};

use crate::wire::xml::MAX_LENGTH;

/// Protects the memory from a forged body. WeChat's deepest push has four levels.
const MAX_DEPTH: usize = 16;

/// Reads the XML. Elements with the same name become an array. `None` if the XML is not well-formed, is too long or too
/// deep, or has a document type or a custom entity.
pub(super) fn read(message: &[u8]) -> Option<Value> {
    if message.len() > MAX_LENGTH {
        return None;
    }
    let mut reader = Reader::from_str(std::str::from_utf8(message).ok()?);
    // the open elements: name, children, text
    let mut open: Vec<(String, Map<String, Value>, String)> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if open.len() == MAX_DEPTH {
                    return None;
                }
                open.push((name(&tag)?, Map::new(), String::new()));
            }
            Event::Empty(tag) => {
                let name = name(&tag)?;
                add(&mut open.last_mut()?.1, name, Value::String(String::new()));
            }
            Event::Text(text) => match open.last_mut() {
                Some((.., all)) => all.push_str(&text),
                None if text.trim().is_empty() => {}
                None => return None,
            },
            Event::CData(text) => open.last_mut()?.2.push_str(&text),
            Event::GeneralRef(entity) => open.last_mut()?.2.push(character(&entity)?),
            Event::End(_) => {
                let (name, children, text) = open.pop()?;
                let value = if children.is_empty() { Value::String(text) } else { Value::Object(children) };
                match open.last_mut() {
                    Some((_, siblings, _)) => add(siblings, name, value),
                    None => return if name == "xml" { Some(value) } else { None },
                }
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::PI(_) | Event::Eof => return None,
        }
    }
}

fn name(tag: &str) -> Option<String> {
    let name = tag.trim_ascii_end();
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then(|| name.to_owned())
}

fn character(entity: &BytesRef<'_>) -> Option<char> {
    match &**entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => entity.resolve_char_ref().ok()?,
    }
}

fn add(siblings: &mut Map<String, Value>, name: String, value: Value) {
    match siblings.get_mut(&name) {
        None => {
            siblings.insert(name, value);
        }
        Some(Value::Array(all)) => all.push(value),
        Some(first) => {
            let all = vec![std::mem::take(first), value];
            *first = Value::Array(all);
        }
    }
}
