//! Tests of the wire formats with published vectors, hostile messages and random input.
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use proptest::{collection::vec, prelude::*};
use serde_json::Value;
use wechat::wire::{
    Fields, jssdk,
    sign::{SignType, sign, verify},
    xml::{MAX_FIELDS, MAX_LENGTH, XmlError, parse, parse_rooted, write, write_rooted},
};

const KEY: &str = "192006250b4c09247ec02edce69f6a2d";

#[track_caller]
fn vector(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    all.into_iter().find(|vector| vector["id"] == id).unwrap()
}

#[track_caller]
fn signs_as_published(id: &str, sign_type: SignType) {
    let vector = vector(id);
    let params = vector["params"].as_object().unwrap();
    let fields: Fields =
        params.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    let key = vector["key"].as_str().unwrap();
    let expected = vector["expect"].as_str().unwrap();
    assert_eq!(sign(&fields, key, sign_type), expected);
    assert!(verify(&fields.with("sign", expected), key, sign_type));
}

#[test]
fn vector_v2_md5_official() {
    signs_as_published("v2-md5-official", SignType::Md5);
}

#[test]
fn vector_v2_hmac_official() {
    signs_as_published("v2-hmac-official", SignType::HmacSha256);
}

#[test]
fn vector_jssdk_sha1() {
    let vector = vector("jssdk-sha1");
    let text = vector["string_to_sign"].as_str().unwrap();
    let parts: Vec<&str> = text.splitn(4, '&').map(|part| part.split_once('=').unwrap().1).collect();
    let signature = jssdk::signature(parts[0], parts[1], parts[2].parse().unwrap(), parts[3]);
    assert_eq!(signature, vector["expect"].as_str().unwrap());
}

#[test]
fn trap_28_the_url_fragment_is_not_signed() {
    let of = |url: &str| jssdk::signature("ticket", "nonce", 1, url);
    assert_eq!(of("https://h/p?a=1&b=中#x#y"), of("https://h/p?a=1&b=中"));
    assert_ne!(of("https://h/p?a=1&amp;b=中"), of("https://h/p?a=1&b=中"));
}

#[test]
fn unknown_fields_are_signed() {
    let known = Fields::new().with("appid", "wx1");
    let more = known.clone().with("coupon_type_7_of_tomorrow", "CASH");
    assert_ne!(sign(&known, KEY, SignType::Md5), sign(&more, KEY, SignType::Md5));
}

#[test]
fn zero_is_signed_and_an_empty_value_is_not() {
    let without = Fields::new().with("appid", "wx1");
    let zero = without.clone().with("coupon_fee", "0");
    let empty = without.clone().with("attach", "").with("sign", "whatever");
    assert_ne!(sign(&zero, KEY, SignType::Md5), sign(&without, KEY, SignType::Md5));
    assert_eq!(sign(&empty, KEY, SignType::Md5), sign(&without, KEY, SignType::Md5));
}

#[test]
fn the_signature_ignores_the_order_of_fields() {
    let one: Fields = [("b", "2"), ("a", "1"), ("B", "3")].into_iter().collect();
    let other: Fields = [("B", "3"), ("a", "1"), ("b", "2")].into_iter().collect();
    assert_eq!(sign(&one, KEY, SignType::HmacSha256), sign(&other, KEY, SignType::HmacSha256));
}

#[test]
fn trap_05_a_message_without_a_sign_does_not_verify() {
    let fields = Fields::new().with("appid", "wx1");
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        assert!(!verify(&fields, KEY, sign_type));
        assert!(!verify(&fields.clone().with("sign", ""), KEY, sign_type));
        let lower = sign(&fields, KEY, sign_type).to_lowercase();
        assert!(!verify(&fields.clone().with("sign", lower), KEY, sign_type));
    }
}

#[test]
fn text_cdata_references_comments_and_white_space_are_read() {
    let fields = parse(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- c --><xml >\n <a >x &lt;&#20013;&#x4e2d;<![CDATA[<&>]]]]>\
         <![CDATA[>]]> y<!-- c --></a>\n\t<b/><c></c><d_1><![CDATA[]]></d_1> </xml>\n"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(
        fields.iter().collect::<Vec<_>>(),
        [("a", "x <中中<&>]]> y"), ("b", ""), ("c", ""), ("d_1", "")]
    );
}

#[test]
fn an_empty_message_has_no_fields() {
    assert!(parse(b"<xml/>").unwrap().is_empty());
    assert!(parse(b"<xml></xml>").unwrap().is_empty());
}

#[test]
fn another_root_element_is_read_only_if_expected() {
    assert_eq!(parse_rooted(b"<root><a>1</a></root>", "root").unwrap().get("a"), Some("1"));
    assert_eq!(parse(b"<root><a>1</a></root>"), Err(XmlError::Root));
    assert_eq!(parse(b"<XML></XML>"), Err(XmlError::Root));
    assert_eq!(parse(b"<xml a=\"1\"></xml>"), Err(XmlError::Root));
}

#[test]
fn trap_11_a_document_type_is_refused() {
    for hostile in [
        "<!DOCTYPE xml><xml><a>1</a></xml>",
        "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><a>&x;</a></xml>",
        "<!DOCTYPE xml SYSTEM \"http://127.0.0.1/evil.dtd\"><xml></xml>",
        "<!doctype xml><xml></xml>",
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
         <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><xml><a>&c;</a></xml>",
        "<xml><!DOCTYPE xml></xml>",
        "<xml></xml><!DOCTYPE xml>",
    ] {
        let refused = parse(hostile.as_bytes()).unwrap_err();
        assert!(matches!(refused, XmlError::Forbidden(_) | XmlError::Malformed(_)), "{hostile}: {refused}");
    }
}

#[test]
fn trap_11_custom_entities_and_processing_instructions_are_refused() {
    for hostile in [
        "<xml><a>&x;</a></xml>",
        "<xml><a>&nbsp;</a></xml>",
        "<?php evil ?><xml></xml>",
        "<xml><?php evil ?></xml>",
        "<xml><a><?xml version=\"1.0\"?></a></xml>",
    ] {
        assert!(matches!(parse(hostile.as_bytes()), Err(XmlError::Forbidden(_))), "{hostile}");
    }
}

#[test]
fn characters_that_xml_forbids_are_refused() {
    for hostile in [
        "<xml><a>\0</a></xml>",
        "<xml><a>&#0;</a></xml>",
        "<xml><a>&#1;</a></xml>",
        "<xml><a>&#xd800;</a></xml>",
    ] {
        assert!(matches!(parse(hostile.as_bytes()), Err(XmlError::Malformed(_))), "{hostile:?}");
    }
}

#[test]
fn trap_11_a_nested_element_is_refused_at_any_depth() {
    assert_eq!(parse(b"<xml><a><b>1</b></a></xml>"), Err(XmlError::Nested(8)));
    assert_eq!(parse(b"<xml><a>1<b/></a></xml>"), Err(XmlError::Nested(9)));
    let deep = format!("<xml>{}", "<a>".repeat(20_000));
    assert_eq!(parse(deep.as_bytes()), Err(XmlError::Nested(8)));
}

#[test]
fn a_field_sent_twice_is_refused() {
    let twice = b"<xml><total_fee>1</total_fee><total_fee>2</total_fee></xml>";
    assert!(matches!(parse(twice), Err(XmlError::Duplicate(_))));
    assert!(matches!(parse(b"<xml><a/><a></a></xml>"), Err(XmlError::Duplicate(_))));
}

#[test]
fn a_name_that_signs_like_two_fields_is_refused() {
    for hostile in [
        "<xml><a=1&b>2</a=1&b></xml>",
        "<xml><></></xml>",
        "<xml><a b=\"1\">2</a></xml>",
        "<xml><ä>1</ä></xml>",
    ] {
        assert!(
            matches!(parse(hostile.as_bytes()), Err(XmlError::Name(_) | XmlError::Malformed(_))),
            "{hostile}"
        );
    }
}

#[test]
fn two_roots_and_text_outside_the_fields_are_refused() {
    for hostile in [
        "<xml></xml><xml></xml>",
        "<xml></xml><xml/>",
        "<xml/>x",
        "x<xml/>",
        "<xml>x</xml>",
        "<xml><![CDATA[x]]></xml>",
        "<xml>&amp;</xml>",
        "<![CDATA[x]]><xml/>",
    ] {
        assert!(matches!(parse(hostile.as_bytes()), Err(XmlError::Stray(_))), "{hostile}");
    }
}

#[test]
fn a_truncated_message_is_refused() {
    let whole = "<?xml version=\"1.0\"?><xml><a><![CDATA[1]]></a><b>&lt;</b><c/></xml>";
    assert!(parse(whole.as_bytes()).is_ok());
    for end in 0..whole.len() {
        assert!(parse(&whole.as_bytes()[..end]).is_err(), "{}", &whole[..end]);
    }
}

#[test]
fn unmatched_tags_are_refused() {
    for hostile in
        ["<xml><a>1</b></xml>", "<xml><a>1</xml></a>", "</xml>", "<xml><a>1</a></yml>", "<xml><a>1</A></xml>"]
    {
        assert!(matches!(parse(hostile.as_bytes()), Err(XmlError::Malformed(_))), "{hostile}");
    }
}

#[test]
fn a_message_that_is_not_utf_8_is_refused() {
    assert_eq!(parse(b"<xml><a>\xff</a></xml>"), Err(XmlError::NotUtf8));
    assert_eq!(parse(b"\xff\xfe<\0x\0m\0l\0/\0>\0"), Err(XmlError::NotUtf8));
    // GBK, also if the XML declaration names it
    assert_eq!(
        parse(b"<?xml version=\"1.0\" encoding=\"GBK\"?><xml><a>\xd6\xd0</a></xml>"),
        Err(XmlError::NotUtf8)
    );
}

#[test]
fn trap_11_the_size_limit_of_a_message_is_exact() {
    let of_length = |length: usize| {
        write(&Fields::new().with("a", "x".repeat(length - write(&Fields::new().with("a", "")).len())))
    };
    assert_eq!(of_length(MAX_LENGTH).len(), MAX_LENGTH);
    assert!(parse(of_length(MAX_LENGTH).as_bytes()).is_ok());
    assert_eq!(parse(of_length(MAX_LENGTH + 1).as_bytes()), Err(XmlError::TooLong));
}

#[test]
fn the_limit_of_fields_is_exact() {
    let of = |count: usize| (0..count).map(|at| (format!("f_{at}"), "1")).collect::<Fields>();
    assert_eq!(parse(write(&of(MAX_FIELDS)).as_bytes()), Ok(of(MAX_FIELDS)));
    assert_eq!(parse(write(&of(MAX_FIELDS + 1)).as_bytes()), Err(XmlError::TooManyFields));
}

/// A random field name.
fn name() -> impl Strategy<Value = String> {
    "[A-Za-z_][A-Za-z0-9_.-]{0,12}"
}

/// A random value: characters that need escapes, and other characters of XML.
fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("]]>".to_owned()),
        Just("]]".to_owned()),
        Just(">".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("&amp;".to_owned()),
        Just("\r\n".to_owned()),
        Just("中".to_owned()),
        "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}]{0,8}",
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A random text that is similar to a message.
fn xmlish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<xml>",
        "</xml>",
        "<xml/>",
        "<a>",
        "</a>",
        "<a/>",
        "<b>",
        "</b>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE x",
        "[",
        "]>",
        "<?",
        "?>",
        "&",
        ";",
        "&amp;",
        "&#1;",
        "&#x110000;",
        "x",
        " ",
        "\n",
        "\u{feff}",
        "中",
        "=",
        "\"",
        "<",
        ">",
        "/",
    ]);
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_cause_a_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_text_similar_to_xml_causes_a_panic(text in xmlish()) {
        let _ = parse(text.as_bytes());
        let _ = parse(format!("<xml>{text}</xml>").as_bytes());
        let _ = parse(format!("<xml><a>{text}</a></xml>").as_bytes());
    }

    #[test]
    fn a_written_message_parses_to_the_same_fields(fields in vec((name(), value()), 0..8), root in name()) {
        let fields: Fields = fields.into_iter().collect();
        prop_assert_eq!(parse_rooted(write_rooted(&fields, &root).as_bytes(), &root), Ok(fields));
    }

    #[test]
    fn a_signed_message_verifies_and_a_changed_one_does_not(
        fields in vec((name(), value()), 1..8),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let mut fields: Fields = fields.into_iter().collect();
        fields.set("nonce_str", "5K8264ILTKCH16CQ");
        for sign_type in [SignType::Md5, SignType::HmacSha256] {
            let signed = fields.clone().with("sign", sign(&fields, KEY, sign_type));
            let message = write(&signed);
            prop_assert!(verify(&parse(message.as_bytes()).unwrap(), KEY, sign_type));
            let mut changed = message.into_bytes();
            let at = at.index(changed.len());
            changed[at] ^= 1 << bit;
            if let Ok(read) = parse(&changed) {
                prop_assert!(read == signed || !verify(&read, KEY, sign_type));
            }
        }
    }
}
