//! Keys and certificates as text.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// The first block of the text: its label and its bytes, which are wiped when dropped.
pub(super) fn decode(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, rest) = rest.split_once("-----END ")?;
    if !rest.strip_prefix(label)?.starts_with("-----") {
        return None;
    }
    let packed: Zeroizing<Vec<u8>> =
        Zeroizing::new(body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    Some((label, Zeroizing::new(STANDARD.decode(&*packed).ok()?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_block_is_read_whatever_its_line_ends() {
        let (label, bytes) =
            decode("x\n-----BEGIN A B-----\r\naGVs\r\n bG8=\r\n-----END A B-----\r\n").unwrap();
        assert_eq!((label, &**bytes), ("A B", &b"hello"[..]));
        for wrong in [
            "",
            "-----BEGIN A-----",
            "-----BEGIN A-----\naGVs\n-----END B-----",
            "-----BEGIN A-----\n!\n-----END A-----",
        ] {
            assert!(decode(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = decode(&format!("-----BEGIN {text}-----END {text}"));
        }
    }
}
