/// The page to which a login returns, as a path of this site. It accepts a path or a URL of this origin. It refuses
/// everything else, which would make the login an open redirect.
pub(super) fn local(callback: &str, public_url: &str) -> Option<String> {
    let path = callback.strip_prefix(public_url).unwrap_or(callback);
    let path = if path.is_empty() { "/" } else { path };
    let odd = |character: char| character == '\\' || character.is_control() || character.is_whitespace();
    let is_local = path.starts_with('/') && !path.starts_with("//") && !path.contains(odd);
    // a Location header must be ASCII
    is_local.then(|| percent_encoding::utf8_percent_encode(path, percent_encoding::CONTROLS).to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::local;

    const SHOP: &str = "https://shop.example";

    #[test]
    fn a_path_and_an_address_of_this_origin_are_taken_with_their_fragment() {
        assert_eq!(local("/a?b=1#c", SHOP).as_deref(), Some("/a?b=1#c"));
        assert_eq!(local("https://shop.example/a#c", SHOP).as_deref(), Some("/a#c"));
        assert_eq!(local("https://shop.example", SHOP).as_deref(), Some("/"));
        assert_eq!(local("/茶", SHOP).as_deref(), Some("/%E8%8C%B6"));
    }

    #[test]
    fn trap_27_a_foreign_address_is_refused() {
        for foreign in [
            "https://evil.test/",
            "//evil.test",
            "https://shop.example.evil.test/",
            "https://shop.example@evil.test/",
            "https://shop.example//evil.test",
            "/\\evil.test",
            "/\t/evil.test",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: b=c",
            "shop",
        ] {
            assert_eq!(local(foreign, SHOP), None, "{foreign:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_stays_on_this_site(text in "[/\\\\a-z:@.?#%\\x00-\\x20茶]{0,40}") {
            if let Some(path) = local(&text, SHOP) {
                let base = url::Url::parse("https://shop.example/").unwrap();
                prop_assert_eq!(base.join(&path).unwrap().origin(), base.origin());
                prop_assert!(path.is_ascii());
            }
        }
    }
}
