//! Removes the secrets from an entry.

use serde_json::Value;
use wechat::wire::xml;

const REDACTED: &str = "[redacted]";

/// The names of secrets, in queries, JSON and XML.
const NAMES: [&str; 12] = [
    "secret",
    "appsecret",
    "access_token",
    "refresh_token",
    "session_key",
    "ticket",
    "token",
    "auth_code",
    "js_code",
    "key",
    "api_key",
    "verifySignature",
];

/// The name of a login code in requests. In answers it is the name of an error.
const CODE: &str = "code";

/// The address without the values of secret parameters.
pub(super) fn url(secrets: &[String], url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return without(secrets, url) };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if NAMES.contains(&name) || name == CODE => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    without(secrets, &format!("{path}?{}", pairs.join("&")))
}

/// The body of a request without secrets.
pub(super) fn request(secrets: &[String], body: &str) -> String {
    redacted(secrets, body, &|name| NAMES.contains(&name) || name == CODE)
}

/// The body of an answer without secrets.
pub(super) fn answer(secrets: &[String], body: &str) -> String {
    redacted(secrets, body, &|name| NAMES.contains(&name))
}

fn redacted(of_accounts: &[String], body: &str, is_secret: &dyn Fn(&str) -> bool) -> String {
    let mut secrets = Vec::new();
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        collect(&json, is_secret, &mut secrets);
    } else if let Ok(fields) = xml::parse(body.as_bytes()) {
        let known = fields.iter().filter(|(name, _)| is_secret(name));
        secrets.extend(known.map(|(_, value)| value.to_owned()));
    }
    // replace the longest secret first, in case it contains another one
    secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut text = body.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.as_str(), REDACTED);
    }
    without(of_accounts, &text)
}

fn collect(json: &Value, is_secret: &dyn Fn(&str) -> bool, secrets: &mut Vec<String>) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if is_secret(name) => secrets.push(text.clone()),
                    other => collect(other, is_secret, secrets),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, is_secret, secrets)),
        _ => {}
    }
}

/// The text without the secrets of the accounts, whatever their names are.
fn without(secrets: &[String], text: &str) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REDACTED))
}

/// The header `Authorization` without its signature.
pub(super) fn authorization(secrets: &[String], text: &str) -> String {
    let Some((before, rest)) = text.split_once("signature=\"") else { return without(secrets, text) };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    without(secrets, &format!("{before}signature=\"{REDACTED}\"{after}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn secrets_are_taken_out_wherever_they_are() {
        let secrets = ["Xiaodian0Simulator1ApiV2Key23456".to_owned()];
        let url = |text: &str| super::url(&secrets, text);
        let request = |text: &str| super::request(&secrets, text);
        let answer = |text: &str| super::answer(&secrets, text);
        let authorization = |text: &str| super::authorization(&secrets, text);
        assert_eq!(url("/cgi-bin/token?appid=wx1&secret=abc"), "/cgi-bin/token?appid=wx1&secret=[redacted]");
        assert_eq!(url("/sns/x?code=abc&lang=zh"), "/sns/x?code=[redacted]&lang=zh");
        assert_eq!(
            request(r#"{"a":[{"secret":"abc"}],"code":"def"}"#),
            r#"{"a":[{"secret":"[redacted]"}],"code":"[redacted]"}"#
        );
        assert_eq!(
            answer(r#"{"code":"SIGN_ERROR","ticket":"t-1"}"#),
            r#"{"code":"SIGN_ERROR","ticket":"[redacted]"}"#
        );
        assert_eq!(
            request("<xml><auth_code>134</auth_code><a>1</a></xml>"),
            "<xml><auth_code>[redacted]</auth_code><a>1</a></xml>"
        );
        let misplaced = format!("<xml><body>{}</body></xml>", secrets[0]);
        assert_eq!(request(&misplaced), "<xml><body>[redacted]</body></xml>");
        assert_eq!(
            authorization(r#"S mchid="1",signature="a=",timestamp="2""#),
            r#"S mchid="1",signature="[redacted]",timestamp="2""#
        );
    }
}
