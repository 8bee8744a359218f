//! Checks a V3 body against a table.

use serde_json::Value;

use super::V3Error;

/// The rule for one field.
pub(super) struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

pub(super) enum Kind {
    /// The largest length in bytes, and the format.
    Text(usize, fn(&str) -> bool),
    /// The smallest value.
    Number(i64),
    Flag,
    Object(&'static [Field]),
    Objects(&'static [Field]),
    Texts(usize),
}

use Kind::{Flag, Number, Object, Objects, Text, Texts};

pub(super) const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, required: true, kind }
}

pub(super) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, required: false, kind }
}

/// Checks a body against a table. The error contains the path of the wrong field.
pub(super) fn check(table: &[Field], value: &Value, path: &str) -> Result<(), V3Error> {
    let Some(object) = value.as_object() else {
        return Err(V3Error::field(path, value, "不是对象"));
    };
    if let Some((name, value)) = object.iter().find(|(name, _)| table.iter().all(|field| field.name != *name))
    {
        return Err(V3Error {
            internal: 270_924_358,
            ..V3Error::field(&format!("{path}/{name}"), value, "未知字段")
        });
    }
    for field in table {
        let path = format!("{path}/{}", field.name);
        match object.get(field.name) {
            None if field.required => return Err(V3Error::field(&path, &Value::Null, "必填项缺失")),
            None => {}
            Some(value) => field.kind.check(value, &path)?,
        }
    }
    Ok(())
}

impl Kind {
    fn check(&self, value: &Value, path: &str) -> Result<(), V3Error> {
        let issue = match (self, value) {
            (Text(most, _), Value::String(text)) if text.is_empty() || text.len() > *most => {
                "字符串长度不合规则"
            }
            (Text(_, form), Value::String(text)) => {
                if form(text) {
                    return Ok(());
                }
                "字符串格式不合规则"
            }
            (Number(least), Value::Number(number)) => match number.as_i64() {
                Some(number) if number >= *least && number <= 1_000_000_000 => return Ok(()),
                Some(_) => "数值超出范围",
                None => "不是整数",
            },
            (Flag, Value::Bool(_)) => return Ok(()),
            (Object(table), value) => return check(table, value, path),
            (Objects(table), Value::Array(values)) => {
                return (0..)
                    .zip(values)
                    .try_for_each(|(n, each): (usize, _)| check(table, each, &format!("{path}/{n}")));
            }
            (Texts(most), Value::Array(values)) => {
                if values
                    .iter()
                    .all(|each| each.as_str().is_some_and(|text| !text.is_empty() && text.len() <= *most))
                {
                    return Ok(());
                }
                "字符串长度不合规则"
            }
            _ => "类型不符",
        };
        Err(V3Error::field(path, value, issue))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::field_tables::REFUND, *};

    #[test]
    fn the_error_contains_the_path_of_the_wrong_field() {
        let refund = |amount: Value| json!({ "out_refund_no": "r1", "amount": amount });
        let wrong =
            |amount: Value| check(REFUND, &refund(amount), "").unwrap_err().body()["detail"]["field"].clone();
        assert_eq!(wrong(json!({ "refund": 1, "total": 1 })), "/amount/currency");
        assert_eq!(wrong(json!({ "refund": "1", "total": 1, "currency": "CNY" })), "/amount/refund");
        assert_eq!(wrong(json!({ "refund": 1, "total": 1, "currency": "CNY", "fen": 1 })), "/amount/fen");
        assert_eq!(
            wrong(json!({ "refund": 1, "total": 1, "currency": "CNY", "from": [{}] })),
            "/amount/from/0/account"
        );
        assert!(check(REFUND, &refund(json!({ "refund": 1, "total": 1, "currency": "CNY" })), "").is_ok());
    }
}
