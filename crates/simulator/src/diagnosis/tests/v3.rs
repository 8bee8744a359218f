use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use std::sync::LazyLock;

use super::*;
use crate::{
    account::{Authority, Merchant, MerchantKeys, Seed},
    diagnosis::{
        PublicNumbers, V3Message, explain_v3,
        v3::{self, MISTAKES},
    },
};

/// The keys of a merchant, and of another one.
pub(super) static KEYS: LazyLock<MerchantKeys> = LazyLock::new(|| Merchant::demo().keys);
static OTHER: LazyLock<MerchantKeys> = LazyLock::new(|| {
    let seed = Seed::from_toml("[[merchants]]\nmch_id = \"1900000999\"").unwrap();
    seed.world(&Authority::new().unwrap()).unwrap().first_merchant().keys.clone()
});

const URL: &str = "/v3/pay/transactions/out-trade-no/A%7C1?mchid=19";
const BODY: &str = r#"{"description":"茶 1/2","amount":{"total":1990}}"#;

fn message(method: &str, url: &str, body: &str, signature: String) -> V3Message {
    V3Message {
        method: method.to_owned(),
        url: url.to_owned(),
        host: "pay.example:8900".to_owned(),
        timestamp: 1_700_000_000,
        nonce: "aBc123".to_owned(),
        body: body.as_bytes().to_vec(),
        signature,
        keys: KnownKeys::demo(),
        certificate: certificate(),
        other_certificates: vec![PublicNumbers::of_certificate(&OTHER.merchant_cert_pem).unwrap()],
    }
}

pub(super) fn certificate() -> PublicNumbers {
    PublicNumbers::of_certificate(&KEYS.merchant_cert_pem).unwrap()
}

pub(super) fn raw(text: &[u8], encoding: &'static dyn RsaEncoding, pem: &str) -> Vec<u8> {
    use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = KeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), text, &mut signature).unwrap();
    signature
}

pub(super) fn rsa(text: &str) -> String {
    STANDARD.encode(raw(text.as_bytes(), &RSA_PKCS1_SHA256, &KEYS.merchant_private_key_pem))
}

/// Encrypts padded bytes with the private key, as `openssl rsautl -sign` does.
fn padded(signed: &[u8]) -> String {
    use num_bigint::BigUint;
    use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
    let der = PrivatePkcs8KeyDer::from_pem_slice(KEYS.merchant_private_key_pem.as_bytes()).unwrap();
    let (modulus, exponent) = private_numbers(der.secret_pkcs8_der());
    let padding = vec![0xff; 256 - 3 - signed.len()];
    let message = [&[0, 1][..], &padding, &[0], signed].concat();
    let number = BigUint::from_bytes_be(&message).modpow(&exponent, &modulus).to_bytes_be();
    STANDARD.encode([vec![0; 256 - number.len()], number].concat())
}

/// The modulus and the private exponent: the second and the fourth number in the key (RFC 8017, A.1.2).
fn private_numbers(pkcs8: &[u8]) -> (num_bigint::BigUint, num_bigint::BigUint) {
    // version, algorithm, and the key in an octet string
    let start = pkcs8.windows(4).skip(8).position(|bytes| bytes[..2] == [0x30, 0x82]).unwrap() + 8;
    let mut rest = &pkcs8[start + 4..];
    let mut numbers = Vec::new();
    while numbers.len() < 4 {
        assert_eq!(rest[0], 2, "an integer");
        let (length, header) = match rest[1] {
            0x82 => (usize::from(rest[2]) << 8 | usize::from(rest[3]), 4),
            0x81 => (usize::from(rest[2]), 3),
            short => (usize::from(short), 2),
        };
        numbers.push(num_bigint::BigUint::from_bytes_be(&rest[header..header + length]));
        rest = &rest[header + length..];
    }
    (numbers[1].clone(), numbers[3].clone())
}

fn get_text(url: &str) -> String {
    format!("GET\n{url}\n1700000000\naBc123\n\n")
}

fn post_text(body: &str) -> String {
    format!("POST\n/v3/x\n1700000000\naBc123\n{body}\n")
}

fn explained_get(text: &str) -> Option<Diagnosis> {
    explain_v3(&message("GET", URL, "", rsa(text)))
}

fn explained_post(text: &str) -> Option<Diagnosis> {
    explain_v3(&message("POST", "/v3/x", BODY, rsa(text)))
}

/// The signed texts of requests without a body.
fn gets() -> Vec<(&'static str, String)> {
    vec![
        ("path_without_query", get_text("/v3/pay/transactions/out-trade-no/A%7C1")),
        ("whole_url", get_text(&format!("https://api.mch.weixin.qq.com{URL}"))),
        ("whole_url", get_text(&format!("http://pay.example:8900{URL}"))),
        ("path_decoded", get_text(&URL.replace("%7C", "|"))),
        ("path_encoded", get_text(&URL.replace("%7C", "%257C"))),
        ("path_template", get_text(&URL.replace("A%7C1", "{out_trade_no}"))),
        ("body_line_missing", get_text(URL).trim_end_matches('\n').to_owned() + "\n"),
        ("body_not_sent", get_text(URL).replace("aBc123\n\n", "aBc123\n{}\n")),
        ("method_lower_case", get_text(URL).replace("GET", "get")),
        ("other_method", get_text(URL).replace("GET", "POST")),
        ("milliseconds_signed", get_text(URL).replace("1700000000", "1700000000000")),
        ("other_timestamp", get_text(URL).replace("1700000000", "1699999998")),
        ("nonce_in_other_case", get_text(URL).replace("aBc123", "abc123")),
        ("nonce_missing", get_text(URL).replace("aBc123", "")),
        ("lines_swapped", get_text(URL).replace("1700000000\naBc123", "aBc123\n1700000000")),
        ("layout_of_answers", "1700000000\naBc123\n\n".to_owned()),
        ("literal_line_breaks", get_text(URL).replace('\n', "\\n")),
        ("crlf", get_text(URL).replace('\n', "\r\n")),
        ("no_line_breaks", get_text(URL).replace('\n', "")),
    ]
}

/// The signed texts of requests with a body.
fn posts() -> Vec<(&'static str, String)> {
    vec![
        ("body_line_missing", post_text("").trim_end_matches('\n').to_owned() + "\n"),
        ("last_line_break_missing", post_text(BODY).trim_end_matches('\n').to_owned()),
        ("body_missing", post_text("")),
        ("body_serialised_again", post_text(r#"{"description": "\u8336 1/2", "amount": {"total": 1990}}"#)),
        ("body_serialised_again", post_text(r#"{"description":"\u8336 1\/2","amount":{"total":1990}}"#)),
        ("body_serialised_again", post_text(r#"{"amount":{"total":1990},"description":"茶 1/2"}"#)),
        ("body_trimmed", post_text(&format!("{BODY}\n"))),
        ("body_with_bom", post_text(&format!("\u{feff}{BODY}"))),
    ]
}

#[test]
fn each_mistake_in_the_text_of_v3_is_named() {
    for (id, text) in gets() {
        assert_named(id, explained_get(&text));
    }
    for (id, text) in posts() {
        assert_named(id, explained_post(&text));
    }
    assert_complete(
        gets().iter().chain(&posts()).map(|(id, _)| *id),
        MISTAKES.iter().map(|mistake| mistake.id),
    );
}

#[test]
fn each_mistake_in_the_signature_of_v3_is_named() {
    let text = get_text(URL);
    let correct = raw(text.as_bytes(), &RSA_PKCS1_SHA256, &KEYS.merchant_private_key_pem);
    let base64 = STANDARD.encode(&correct);
    let hash = Digest::Sha256.of(text.as_bytes(), b"");
    let (_, other, _) = Authority::new().unwrap().merchant("1900000998").unwrap();
    let info = |info: &[u8], digest: Digest| padded(&[info, &digest.of(text.as_bytes(), b"")].concat());
    let sha1 = [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
    let md5 = [
        0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04,
        0x10,
    ];
    assert!(base64.contains(['+', '/']), "344 characters of base64 have one of them");
    let cases = [
        (v3::HEX.0, hex::encode(&correct)),
        (v3::BASE64_URL.0, URL_SAFE.encode(&correct)),
        (v3::URL_ENCODED.0, base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
        (v3::SPACES.0, format!("{} {}", &base64[..76], &base64[76..])),
        (v3::NOT_BASE64.0, "(signature)".to_owned()),
        (
            v3::HMAC.0,
            STANDARD.encode(Digest::HmacSha256.of(text.as_bytes(), KnownKeys::demo().api_v3.as_bytes())),
        ),
        (v3::ONLY_HASHED.0, STANDARD.encode(&hash)),
        (v3::WRONG_LENGTH.0, STANDARD.encode([7; 40])),
        (v3::OTHER_KEY.0, STANDARD.encode(raw(text.as_bytes(), &RSA_PKCS1_SHA256, &other))),
        (
            v3::KEY_OF_OTHER_MERCHANT.0,
            STANDARD.encode(raw(text.as_bytes(), &RSA_PKCS1_SHA256, &OTHER.merchant_private_key_pem)),
        ),
        (v3::PSS.0, STANDARD.encode(raw(text.as_bytes(), &RSA_PSS_SHA256, &KEYS.merchant_private_key_pem))),
        (v3::SHA1.0, info(&sha1, Digest::Sha1)),
        (v3::MD5.0, info(&md5, Digest::Md5)),
        (v3::NO_DIGEST_INFO.0, padded(&hash)),
        (v3::HASHED_TWICE.0, STANDARD.encode(raw(&hash, &RSA_PKCS1_SHA256, &KEYS.merchant_private_key_pem))),
        (v3::OTHER_TEXT.0, rsa("something else")),
    ];
    for (id, signature) in cases {
        assert_named(id, explain_v3(&message("GET", URL, "", signature)));
    }
}

#[test]
fn a_mistake_in_the_signature_and_one_in_the_text_are_both_named() {
    let text = get_text("/v3/pay/transactions/out-trade-no/A%7C1");
    let signature = raw(text.as_bytes(), &RSA_PKCS1_SHA256, &KEYS.merchant_private_key_pem);
    let found = explain_v3(&message("GET", URL, "", hex::encode(signature))).unwrap();
    assert_eq!(found.mistakes, ["hexadecimal", "path_without_query"]);
    let found = explained_get(&text.replace('\n', "\\n")).unwrap();
    assert_eq!(found.mistakes, ["path_without_query", "literal_line_breaks"]);
}

#[test]
fn a_correct_signature_of_v3_is_never_blamed() {
    assert_eq!(explained_get(&get_text(URL)), None);
    assert_eq!(explained_post(&post_text(BODY)), None);
    assert_eq!(explain_v3(&message("POST", "/v3/x", "", rsa(&post_text("")))), None);
}
