use super::*;
use crate::diagnosis::{Claims, authorization::MISTAKES, explain_authorization};

const NOW: i64 = 1_700_000_000;
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const OTHER_SERIAL: &str = "5999F09EFDC096DE15EBE81A47057A7232F1B8E1";
const CORRECT: &str = "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109\",nonce_str=\"abc\",signature=\"c2ln\",\
    timestamp=\"1700000000\",serial_no=\"5157F09EFDC096DE15EBE81A47057A7232F1B8E1\"";

fn explained(header: Option<&str>) -> Option<Diagnosis> {
    explain_authorization(&Claims {
        header,
        mch_id: "1900000109",
        appids: &["wx5d1a0e4c7b2f9638".to_owned(), "wx8b3f6a1d0c9e2745".to_owned()],
        merchant_serial: SERIAL,
        other_serials: &[OTHER_SERIAL.to_owned()],
        platform_serial: "60A0F09EFDC096DE15EBE81A47057A7232F1B8E1",
        public_key_id: "PUB_KEY_ID_0119000001091",
        now: NOW,
    })
}

fn cases() -> Vec<(&'static str, Option<String>)> {
    let with = |old: &str, new: &str| {
        assert!(CORRECT.contains(old), "{old}");
        Some(CORRECT.replace(old, new))
    };
    vec![
        ("authorization_missing", None),
        ("scheme", with("WECHATPAY2-SHA256-RSA2048 ", "Bearer ")),
        ("name_unknown", with("nonce_str", "nonce")),
        ("value_missing", with("signature=\"c2ln\",", "")),
        ("value_missing", with("c2ln", "")),
        ("value_repeated", with("mchid=\"1900000109\"", "mchid=\"1900000109\",mchid=\"1900000109\"")),
        ("value_without_quotes", with("\"1700000000\"", "1700000000")),
        ("nonce_too_long", with("\"abc\"", "\"abcdefghijklmnopqrstuvwxyzabcdefg\"")),
        ("appid_for_mchid", with("1900000109", "wx5d1a0e4c7b2f9638")),
        ("other_mchid", with("1900000109", "1900000108")),
        ("platform_serial", with("5157F0", "60A0F0")),
        ("public_key_id_for_serial", with(SERIAL, "PUB_KEY_ID_0119000001091")),
        (
            "decimal_serial",
            with(SERIAL, &num_bigint::BigUint::parse_bytes(SERIAL.as_bytes(), 16).unwrap().to_string()),
        ),
        ("serial_with_separators", with("5157F09E", "51:57:F0:9E")),
        ("serial_with_separators", with("5157F09E", "0x5157F09E")),
        ("serial_of_other_merchant", with(SERIAL, OTHER_SERIAL)),
        ("other_serial", with("5157F0", "5157F1")),
        ("milliseconds", with("1700000000", "1700000000123")),
        ("timestamp_form", with("1700000000", "2023-11-14")),
        ("time_zone", with("1700000000", "1700028800")),
        ("clock_skewed", with("1700000000", "1700000400")),
    ]
}

#[test]
fn each_mistake_of_the_header_is_named() {
    for (id, header) in cases() {
        assert_named(id, explained(header.as_deref()));
    }
    assert_complete(cases().iter().map(|(id, _)| *id), MISTAKES.iter().map(|mistake| mistake.id));
}

#[test]
fn a_correct_header_is_never_blamed() {
    assert_eq!(explained(Some(CORRECT)), None);
    assert_eq!(explained(Some(&CORRECT.replace(SERIAL, &SERIAL.to_lowercase()))), None);
    let late = CORRECT.replace("1700000000", "1699999701");
    assert_eq!(explained(Some(&late)), None, "299 seconds");
}
