//! Masks signatures and secrets in messages to and from WeChat, before staff see them.

/// The text that replaces a secret.
const HIDDEN: &str = "***";

/// Fields whose value is a signature, a secret, or encrypted.
const SECRET: [&str; 9] =
    ["sign", "paySign", "pay_sign", "signature", "ciphertext", "req_info", "key", "secret", "access_token"];

/// Masks signatures and secrets in a request or an answer, XML or JSON.
#[must_use]
pub fn masked(text: &str) -> String {
    let mut text = text.to_owned();
    for name in SECRET {
        text = between(&text, &format!("<{name}>"), &format!("</{name}>"));
        text = between(&text, &format!("\"{name}\":\""), "\"");
        text = between(&text, &format!("\"{name}\": \""), "\"");
    }
    text
}

fn between(text: &str, open: &str, close: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        shown.push_str(before);
        shown.push_str(open);
        shown.push_str(HIDDEN);
        rest = after.find(close).map_or("", |at| &after[at..]);
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn signatures_and_secrets_are_hidden_wherever_they_stand() {
        let xml = "<xml><appid>wx1</appid><sign><![CDATA[ABC]]></sign><sign>DEF</sign></xml>";
        assert_eq!(masked(xml), "<xml><appid>wx1</appid><sign>***</sign><sign>***</sign></xml>");
        let json = r#"{"appid":"wx1","signature":"abc","resource":{"ciphertext": "xyz","nonce":"n"}}"#;
        assert_eq!(
            masked(json),
            r#"{"appid":"wx1","signature":"***","resource":{"ciphertext": "***","nonce":"n"}}"#
        );
        // a truncated message shows no part of the signature
        assert_eq!(masked("<xml><sign>ABC"), "<xml><sign>***");
    }
}
