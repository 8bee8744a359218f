//! Tests of the signature and the decryption of mini program data.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};
use wechat::{
    miniprogram::{DataError, DecryptedData, SessionKey},
    wire::aes,
};

#[track_caller]
fn vector(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(include_str!("vectors_miniprogram.json")).unwrap();
    all.into_iter().find(|vector| vector["id"] == id).unwrap()
}

#[test]
fn the_published_signature_verifies() {
    let vector = vector("mp-session-signature-sha1");
    let text = |name: &str| vector[name].as_str().unwrap();
    let key = SessionKey::parse(text("session_key")).unwrap();
    assert!(key.verify(text("rawData"), text("expect")));
    assert!(!key.verify(&text("rawData").replace("Band", "band"), text("expect")));
    for wrong in ["", "75e8", &text("expect").to_uppercase()] {
        assert!(!key.verify(text("rawData"), wrong));
    }
}

#[test]
fn the_published_data_decrypts() {
    let vector = vector("mp-encryptedData-cbc");
    let text = |name: &str| vector[name].as_str().unwrap();
    let key = SessionKey::parse(text("session_key")).unwrap();
    let decrypt = |appid| key.decrypt(text("encryptedData"), text("iv"), appid);
    let data = decrypt(text("appid")).unwrap();
    assert_eq!(data.plaintext(), text("expect"));
    assert_eq!(data.timestamp(), 1_477_314_187);
    assert!(!format!("{data:?} {key:?}").contains("Band"));
    assert!(!format!("{key:?}").contains(text("session_key")));
    assert_eq!(decrypt("wx0000000000000000"), Err(DataError::Watermark));
    assert_eq!(data.clone().not_older_than(300, 1_477_314_487), Ok(data.clone()));
    assert_eq!(data.clone().not_older_than(300, 1_477_314_488), Err(DataError::Stale));
    assert_eq!(data.not_older_than(300, 1_477_313_886), Err(DataError::Stale));
}

#[track_caller]
fn encrypted(plain: &str) -> (SessionKey, String, String) {
    let (key, iv) = ([7; 16], [9; 16]);
    let encrypted = STANDARD.encode(aes::encrypt_cbc(&key, &iv, plain.as_bytes()));
    (SessionKey::parse(&STANDARD.encode(key)).unwrap(), encrypted, STANDARD.encode(iv))
}

fn decrypt(plain: &str) -> Result<DecryptedData, DataError> {
    let (key, encrypted, iv) = encrypted(plain);
    key.decrypt(&encrypted, &iv, "wx1")
}

#[test]
fn a_phone_number_is_read_with_any_type_of_country_code() {
    for code in [json!("86"), json!(86)] {
        let plain = json!({"phoneNumber": "13580006666", "purePhoneNumber": "13580006666", "countryCode": code,
            "watermark": {"appid": "wx1", "timestamp": 1}});
        let phone = decrypt(&plain.to_string()).unwrap().phone_info().unwrap();
        assert_eq!((&*phone.pure_phone_number, &*phone.country_code), ("13580006666", "86"));
        assert!(!format!("{phone:?}").contains("1358"));
    }
}

#[test]
fn each_mistake_has_its_own_error() {
    let (key, data, iv) = encrypted("{}");
    assert!(matches!(key.decrypt(&data, &iv, "wx1"), Err(DataError::Json(_))), "no watermark");
    for iv in ["", "!", "c2hvcnQ="] {
        assert_eq!(key.decrypt(&data, iv, "wx1"), Err(DataError::Form));
    }
    assert_eq!(key.decrypt("!", &iv, "wx1"), Err(DataError::Form));
    assert_eq!(key.decrypt("", &iv, "wx1"), Err(DataError::Decryption));
    assert_eq!(key.decrypt(&"A".repeat(70_000), &iv, "wx1"), Err(DataError::TooLong));
    let other = SessionKey::parse("HyVFkGl5F5OQWJZZaNzBBg==").unwrap();
    assert!(other.decrypt(&data, &iv, "wx1").is_err());
}

proptest! {
    #[test]
    fn trap_11_no_data_causes_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200), plain in "\\PC{0,60}", text in ".{0,40}",
    ) {
        let (key, ..) = encrypted("");
        let iv = STANDARD.encode([9; 16]);
        prop_assert!(key.decrypt(&STANDARD.encode(&bytes), &iv, "wx1").is_err());
        prop_assert!(key.decrypt(&text, &text, "wx1").is_err());
        prop_assert!(decrypt(&plain).is_err());
        let _ = SessionKey::parse(&text);
    }
}
