/// A value that a statement binds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    NumberOrNull(Option<i64>),
    TextOrNull(Option<String>),
}

pub(crate) fn text(value: impl ToString) -> Value {
    Value::Text(storable(&value))
}

pub(crate) fn text_or_null(value: Option<&impl ToString>) -> Value {
    Value::TextOrNull(value.map(storable))
}

/// PostgreSQL refuses NUL in a text, and a text from WeChat may contain one.
fn storable(value: &impl ToString) -> String {
    let text = value.to_string();
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}
