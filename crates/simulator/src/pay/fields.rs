//! Checks the fields of a V2 request against a table.

use std::fmt;

use wechat::wire::Fields;

/// The rule for one field.
pub(crate) struct Field {
    name: &'static str,
    required: bool,
    max: usize,
    check: fn(&str) -> bool,
}

pub(super) const fn required(name: &'static str, max: usize, check: fn(&str) -> bool) -> Field {
    Field { name, required: true, max, check }
}

pub(super) const fn optional(name: &'static str, max: usize, check: fn(&str) -> bool) -> Field {
    Field { name, required: false, max, check }
}

/// A mistake in the fields. `return_msg` contains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldError {
    Unknown(String),
    Missing(&'static str),
    Length(&'static str),
    Format(&'static str),
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "参数格式校验错误：未知参数{name}"),
            Self::Missing(name) => write!(f, "缺少参数{name}"),
            Self::Length(name) => write!(f, "{name}参数长度有误"),
            Self::Format(name) => write!(f, "{name}参数格式错误"),
        }
    }
}

pub(crate) fn check(table: &[Field], fields: &Fields) -> Result<(), FieldError> {
    for (name, _) in fields.iter() {
        if !table.iter().any(|field| field.name == name) {
            return Err(FieldError::Unknown(name.to_owned()));
        }
    }
    for field in table {
        match fields.get(field.name).filter(|value| !value.is_empty()) {
            None if field.required => return Err(FieldError::Missing(field.name)),
            None => {}
            Some(value) if value.len() > field.max => return Err(FieldError::Length(field.name)),
            Some(value) if !(field.check)(value) => return Err(FieldError::Format(field.name)),
            Some(_) => {}
        }
    }
    Ok(())
}
