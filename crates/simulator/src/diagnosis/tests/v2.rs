use wechat::wire::{
    Fields,
    sign::{SignType, sign},
};

use super::*;
use crate::diagnosis::{V2Message, explain_v2, v2::MISTAKES};

/// The text to sign of [`message`] without its key.
const TEXT: &str = "appid=wx1&body= 茶 & 酒&mch_id=19&nonce_str=abc&sign_type=HMAC-SHA256&total_fee=1990";

fn message(sign_type: &str) -> Fields {
    Fields::new()
        .with("total_fee", "1990")
        .with("nonce_str", "abc")
        .with("mch_id", "19")
        .with("body", " 茶 & 酒")
        .with("attach", "")
        .with("appid", "wx1")
        .with("sign_type", sign_type)
}

fn explained(sign: &str) -> Option<Diagnosis> {
    let fields = message("HMAC-SHA256").with("sign", sign);
    explain_v2(&V2Message::new(&fields, SignType::HmacSha256, KnownKeys::demo()))
}

fn hmac(text: &str) -> String {
    hmac_with(text, &KnownKeys::demo().api_v2)
}

fn hmac_with(text: &str, key: &str) -> String {
    upper(Digest::HmacSha256, text, key)
}

/// The text with this key, signed with this key.
fn with_key(key: &str) -> String {
    hmac_with(&format!("{TEXT}&key={key}"), key)
}

/// Another text with the right key.
fn with_text(text: &str) -> String {
    hmac(&format!("{text}&key={}", KnownKeys::demo().api_v2))
}

fn bytes(text: &[u8]) -> String {
    hex::encode_upper(Digest::HmacSha256.of(text, KnownKeys::demo().api_v2.as_bytes()))
}

fn cases() -> Vec<(&'static str, String)> {
    let keys = KnownKeys::demo();
    let key = keys.api_v2.as_str();
    let full = format!("{TEXT}&key={key}");
    let gbk = encoding_rs::GBK.encode(&full).0.into_owned();
    vec![
        ("lower_case", hmac(&full).to_lowercase()),
        ("md5_for_hmac", upper(Digest::Md5, &full, "")),
        ("sha256_for_hmac", upper(Digest::Sha256, &full, "")),
        ("sha1_for_v2", upper(Digest::Sha1, &full, "")),
        (
            "base64_for_hex",
            crate::diagnosis::digest::Spelling::Base64
                .write(&Digest::HmacSha256.of(full.as_bytes(), key.as_bytes())),
        ),
        ("v3_key", with_key(&keys.api_v3)),
        ("previous_key", with_key(&keys.previous_api_v2)),
        ("sandbox_key", with_key(&keys.sandbox)),
        ("app_secret", with_key(&keys.app_secrets[0])),
        ("miniprogram_secret", with_key(&keys.miniprogram_secrets[0])),
        ("key_of_other_merchant", with_key(&keys.other_api_v2[0])),
        ("key_with_space", with_key(&format!("{key}\n"))),
        ("key_in_quotes", with_key(&format!("\"{key}\""))),
        ("key_in_other_case", with_key(&key.to_lowercase())),
        ("key_missing", hmac(TEXT)),
        ("key_name_missing", hmac(&format!("{TEXT}{key}"))),
        ("key_sorted", hmac(&TEXT.replace("&mch_id", &format!("&key={key}&mch_id")))),
        (
            "unsorted",
            with_text("total_fee=1990&nonce_str=abc&mch_id=19&body= 茶 & 酒&appid=wx1&sign_type=HMAC-SHA256"),
        ),
        ("empty_included", with_text(&TEXT.replace("&body", "&attach=&body"))),
        ("sign_included", with_text(&TEXT.replace("&sign_type", "&sign=&sign_type"))),
        ("url_encoded", with_text(&TEXT.replace(" 茶 & 酒", "%20%E8%8C%B6%20%26%20%E9%85%92"))),
        ("xml_escaped", with_text(&TEXT.replace("茶 &", "茶 &amp;"))),
        (
            "in_quotes",
            with_text(
                "appid=\"wx1\"&body=\" 茶 & 酒\"&mch_id=\"19\"&nonce_str=\"abc\"&sign_type=\"HMAC-SHA256\"&total_fee=\"1990\"",
            ),
        ),
        ("trimmed", with_text(&TEXT.replace("= 茶", "=茶"))),
        ("gbk", bytes(&gbk)),
        ("ascii", hmac(&full.replace(['茶', '酒'], "?"))),
        ("amount_in_yuan", with_text(&TEXT.replace("1990", "19.90"))),
        ("field_missing", with_text(&TEXT.replace("&sign_type=HMAC-SHA256", ""))),
    ]
}

#[test]
fn each_mistake_of_v2_is_named() {
    for (id, sign) in cases() {
        assert_named(id, explained(&sign));
    }
    let md5 = message("MD5").with(
        "sign",
        upper(
            Digest::HmacSha256,
            &format!("{}&key={}", TEXT.replace("HMAC-SHA256", "MD5"), KnownKeys::demo().api_v2),
            &KnownKeys::demo().api_v2,
        ),
    );
    assert_named("hmac_for_md5", explain_v2(&V2Message::new(&md5, SignType::Md5, KnownKeys::demo())));
    assert_complete(
        cases().iter().map(|(id, _)| *id).chain(["hmac_for_md5"]),
        MISTAKES.iter().map(|mistake| mistake.id),
    );
}

#[test]
fn the_missing_field_has_its_name() {
    let found = explained(&with_text(&TEXT.replace("&mch_id=19", ""))).unwrap();
    assert!(found.sentence.ends_with(": mch_id."), "{}", found.sentence);
}

#[test]
fn two_mistakes_together_are_both_named() {
    let found = explained(
        &upper(Digest::Md5, &format!("{TEXT}&key={}", KnownKeys::demo().api_v3), "").to_lowercase(),
    );
    assert_eq!(found.unwrap().mistakes, ["unexplained"], "three are too many");
    let found =
        explained(&upper(Digest::Md5, &format!("{TEXT}&key={}", KnownKeys::demo().api_v3), "")).unwrap();
    assert_eq!(found.mistakes, ["md5_for_hmac", "v3_key"], "{}", found.sentence);
}

#[test]
fn a_correct_signature_of_v2_is_never_blamed() {
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let fields = message(sign_type.as_str());
        let fields = fields.clone().with("sign", sign(&fields, &KnownKeys::demo().api_v2, sign_type));
        assert_eq!(explain_v2(&V2Message::new(&fields, sign_type, KnownKeys::demo())), None);
    }
}
