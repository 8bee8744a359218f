//! Finds the blocks of keys and certificates in a PEM text.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// Returns the label and the bytes of the first block that has one of these labels. The text may contain other blocks
/// too, such as a certificate and its key. The bytes are wiped on drop.
pub(super) fn decode<'a>(text: &'a str, labels: &[&str]) -> Option<(&'a str, Zeroizing<Vec<u8>>)> {
    each(text).find(|block| labels.contains(&block.label)).and_then(|block| block.bytes())
}

/// The labels of the well-formed blocks.
pub(super) fn labels(text: &str) -> Vec<&str> {
    each(text).map(|block| block.label).collect()
}

/// Returns each block that has one of these labels, without the text around it.
#[cfg(feature = "client")]
pub(crate) fn blocks(text: &str, labels: &[&str]) -> Vec<Zeroizing<String>> {
    each(text)
        .filter(|block| labels.contains(&block.label))
        .map(|block| {
            let Block { label, body } = block;
            let base64 = without_whitespace(body);
            let base64 = std::str::from_utf8(&base64).unwrap_or_default();
            Zeroizing::new(format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n"))
        })
        .collect()
}

struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    fn bytes(&self) -> Option<(&'a str, Zeroizing<Vec<u8>>)> {
        Some((self.label, Zeroizing::new(STANDARD.decode(&*without_whitespace(self.body)).ok()?)))
    }
}

fn without_whitespace(body: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect())
}

/// The well-formed blocks, in the order of the text.
fn each(text: &str) -> impl Iterator<Item = Block<'_>> {
    text.split("-----BEGIN ").skip(1).filter_map(|block| {
        let (label, rest) = block.split_once("-----")?;
        let (body, rest) = rest.split_once("-----END ")?;
        rest.strip_prefix(label)?.starts_with("-----").then_some(Block { label, body })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_block_is_read_with_any_line_ends() {
        let text = "\u{feff}x\n-----BEGIN A B-----\r\naGVs\r\n bG8=\r\n-----END A B-----\r\n";
        let (label, bytes) = decode(text, &["A B"]).unwrap();
        assert_eq!((label, &**bytes), ("A B", &b"hello"[..]));
        for wrong in [
            "",
            "-----BEGIN A-----",
            "-----BEGIN A-----\naGVs\n-----END B-----",
            "-----BEGIN A-----\n!\n-----END A-----",
        ] {
            assert!(decode(wrong, &["A"]).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_block_is_found_among_others() {
        let text = "-----BEGIN A-----\naGVs\n-----END A-----\n-----BEGIN B-----\nbG8=\n-----END B-----\n";
        assert_eq!(&**decode(text, &["B", "C"]).unwrap().1, b"lo");
        assert!(decode(text, &["C"]).is_none());
    }

    proptest! {
        #[test]
        fn no_text_causes_a_panic(text in ".{0,80}") {
            let _ = decode(&format!("-----BEGIN {text}-----END {text}"), &[&text]);
        }
    }
}
