//! The ways in which programs write the same JSON.

use serde_json::Value;

/// Other spellings of a JSON text. A program that signs one and sends another signs a wrong text.
pub(super) fn other_forms(body: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let decoded = unescaped(text);
    let mut bases = Vec::new();
    for text in [text, decoded.as_str()] {
        bases.extend([text.to_owned(), spaced(text, "", ""), spaced(text, " ", " "), spaced(text, "", " ")]);
    }
    // sorted by name, and pretty with two or four spaces
    bases.push(value.to_string());
    bases.extend(serde_json::to_string_pretty(&value));
    let mut forms: Vec<Vec<u8>> = Vec::new();
    for base in bases {
        for form in [ascii_only(&base), base.replace('/', "\\/"), ascii_only(&base).replace('/', "\\/"), base]
        {
            if form.as_bytes() != body && !forms.iter().any(|known| known == form.as_bytes()) {
                forms.push(form.into_bytes());
            }
        }
    }
    forms
}

/// Calls `outside` for each character outside of strings and `inside` for the others.
fn rewritten(
    text: &str,
    mut outside: impl FnMut(char, &mut String),
    mut inside: impl FnMut(char, &mut String),
) -> String {
    let mut written = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        if in_string {
            inside(character, &mut written);
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            outside(character, &mut written);
            in_string = character == '"';
        }
    }
    written
}

/// The same members in the same order, with this text after each comma and each colon.
fn spaced(text: &str, after_comma: &str, after_colon: &str) -> String {
    rewritten(
        text,
        |character, written| match character {
            ',' => {
                written.push(',');
                written.push_str(after_comma);
            }
            ':' => {
                written.push(':');
                written.push_str(after_colon);
            }
            other if other.is_ascii_whitespace() => {}
            other => written.push(other),
        },
        |character, written| written.push(character),
    )
}

/// `茶` becomes `\u8336`.
fn ascii_only(text: &str) -> String {
    rewritten(
        text,
        |character, written| written.push(character),
        |character, written| {
            if character.is_ascii() {
                written.push(character);
                return;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                written.push_str(&format!("\\u{unit:04x}"));
            }
        },
    )
}

/// `\u8336` becomes `茶`, and `\/` becomes `/`.
fn unescaped(text: &str) -> String {
    let text = text.replace("\\/", "/");
    let mut written = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("\\u") {
        let (before, escape) = rest.split_at(at);
        written.push_str(before);
        let code = escape.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32).filter(|character| !character.is_ascii()) {
            Some(character) => {
                written.push(character);
                rest = &escape[6..];
            }
            None => {
                written.push_str("\\u");
                rest = &escape[2..];
            }
        }
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_of_other_languages_are_found() {
        let sent = r#"{"b":"茶 a/b","a":{"x":1}}"#;
        let forms: Vec<String> =
            other_forms(sent.as_bytes()).into_iter().map(|form| String::from_utf8(form).unwrap()).collect();
        for form in [
            // Python, PHP, Jackson with sorted names
            r#"{"b": "\u8336 a/b", "a": {"x": 1}}"#,
            r#"{"b":"\u8336 a\/b","a":{"x":1}}"#,
            r#"{"a":{"x":1},"b":"茶 a/b"}"#,
        ] {
            assert!(forms.iter().any(|known| known == form), "{form} is not in {forms:#?}");
            // and the other way round
            assert!(
                other_forms(form.as_bytes()).iter().any(|known| known == sent.as_bytes())
                    || form.starts_with("{\"a")
            );
        }
        assert!(!forms.iter().any(|form| form == sent), "the text itself is not another form");
        assert!(other_forms(b"not JSON").is_empty() && other_forms(b"\xff").is_empty());
    }
}
