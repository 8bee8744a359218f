//! The body of a push: XML or JSON, plain, encrypted or both.

use serde_json::{Map, Value, json};

use super::{PushFormat, PushMode};

/// The body, and its Content-Type.
pub(super) fn body(
    format: PushFormat,
    mode: PushMode,
    message: &Map<String, Value>,
    encrypted: Option<&str>,
) -> (String, &'static str) {
    let mut fields = match mode {
        PushMode::Plain | PushMode::Compatible => message.clone(),
        PushMode::Secure => message
            .iter()
            .filter(|(name, _)| *name == "ToUserName")
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect(),
    };
    if let Some(encrypted) = encrypted {
        fields.insert("Encrypt".to_owned(), json!(encrypted));
    }
    text(format, &fields)
}

/// The message alone.
pub(super) fn text(format: PushFormat, fields: &Map<String, Value>) -> (String, &'static str) {
    match format {
        PushFormat::Json => (Value::Object(fields.clone()).to_string(), "application/json"),
        PushFormat::Xml => (format!("<xml>{}</xml>", elements(fields)), "text/xml"),
    }
}

fn elements(fields: &Map<String, Value>) -> String {
    fields.iter().map(|(name, value)| element(name, value)).collect()
}

/// Texts are CDATA, numbers are not. An array is one element for each entry.
fn element(name: &str, value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(|one| element(name, one)).collect(),
        Value::Object(children) => format!("<{name}>{}</{name}>", elements(children)),
        Value::String(text) => {
            let text = text.replace("]]>", "]]]]><![CDATA[>");
            format!("<{name}><![CDATA[{text}]]></{name}>")
        }
        Value::Null => format!("<{name}/>"),
        Value::Bool(_) | Value::Number(_) => format!("<{name}>{value}</{name}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_repeat_their_element() {
        let message = json!({ "A": "x]]>y", "N": 7, "S": { "List": [{ "T": "1" }, { "T": "2" }] } });
        let Value::Object(message) = message else { unreachable!() };
        let (xml, kind) = text(PushFormat::Xml, &message);
        assert_eq!(kind, "text/xml");
        for part in [
            "<A><![CDATA[x]]]]><![CDATA[>y]]></A>",
            "<N>7</N>",
            "<S><List><T><![CDATA[1]]></T></List><List><T><![CDATA[2]]></T></List></S>",
        ] {
            assert!(xml.contains(part), "{xml}");
        }
    }

    #[test]
    fn the_secure_mode_hides_the_message_and_the_compatible_mode_does_not() {
        let Value::Object(message) = json!({ "ToUserName": "gh_1", "Event": "e" }) else { unreachable!() };
        let (secure, _) = body(PushFormat::Json, PushMode::Secure, &message, Some("abc"));
        assert_eq!(secure, r#"{"Encrypt":"abc","ToUserName":"gh_1"}"#);
        let (both, _) = body(PushFormat::Json, PushMode::Compatible, &message, Some("abc"));
        assert_eq!(both, r#"{"Encrypt":"abc","Event":"e","ToUserName":"gh_1"}"#);
    }
}
