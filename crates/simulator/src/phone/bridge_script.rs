//! Inserts the bridge as the first script of a page.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::user_agent::PhoneKind;

/// The script. The user agent of the phone replaces the placeholder.
const BRIDGE: &str = include_str!("../../bridge/bridge.js");
const PLACEHOLDER: &str = "@PHONE_USER_AGENT@";

/// The bridge script for one kind of phone.
pub(super) struct BridgeScript {
    script: String,
}

impl BridgeScript {
    pub(super) fn of(phone: PhoneKind) -> Self {
        Self { script: BRIDGE.replace(PLACEHOLDER, phone.user_agent()) }
    }

    /// The source expression for a content security policy.
    pub(super) fn hash(&self) -> String {
        format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(self.script.as_bytes())))
    }

    /// Inserts the script into a page. All other bytes stay the same.
    pub(super) fn into_page(self, page: &[u8]) -> Vec<u8> {
        let at = place(page);
        let script = ["<script>", &self.script, "</script>"].concat();
        [&page[..at], script.as_bytes(), &page[at..]].concat()
    }
}

/// The position after `<head>`, or after `<html>`, or after the document type.
fn place(page: &[u8]) -> usize {
    let found = ["<head", "<html", "<!doctype"].into_iter().find_map(|tag| end_of(page, tag.as_bytes()));
    found.unwrap_or(0)
}

fn end_of(page: &[u8], tag: &[u8]) -> Option<usize> {
    let starts = |at: &usize| {
        page[*at..].get(..tag.len()).is_some_and(|there| there.eq_ignore_ascii_case(tag))
            // <header> is another element
            && page.get(at + tag.len()).is_some_and(|next| *next == b'>' || next.is_ascii_whitespace())
    };
    let at = (0..page.len()).find(starts)?;
    page[at..].iter().position(|byte| *byte == b'>').map(|length| at + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(page: &str) -> &str {
        &page[..place(page.as_bytes())]
    }

    #[test]
    fn the_bridge_is_the_first_thing_in_the_head() {
        let page = "<!DOCTYPE html><html><HEAD lang=\"zh\"><script src=a></script></head><header></header>";
        assert_eq!(before(page), "<!DOCTYPE html><html><HEAD lang=\"zh\">");
        assert_eq!(before("<html><body><header>"), "<html>");
        assert_eq!(before("<!doctype html><p>"), "<!doctype html>");
        assert_eq!(before("<p>"), "");
    }

    #[test]
    fn all_other_bytes_stay_the_same() {
        let page = "<html><head><title>小店</title></head></html>";
        let with = String::from_utf8(BridgeScript::of(PhoneKind::Iphone).into_page(page.as_bytes())).unwrap();
        let script = with.find("<script>").unwrap()..with.find("</script>").unwrap() + "</script>".len();
        assert_eq!(format!("{}{}", &with[..script.start], &with[script.end..]), page);
    }

    #[test]
    fn the_script_contains_no_end_tag() {
        let script = BridgeScript::of(PhoneKind::Android).script;
        assert!(!script.contains("</script") && !script.contains("<!--") && !script.contains(PLACEHOLDER));
    }
}
