//! Tests of Pay V3 without HTTP: keys, signatures, notifications, requests.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use proptest::prelude::*;
use serde_json::{Value, json};
use wechat::{
    pay::v3::{
        ApiV3Key, CombinePrepayRequest, Credential, H5Info, InvalidField, KeyRing, Merchant, PaymentId,
        PrepayRequest, ReadError, Refund, RefundRequest, RefundRequestAmount, RefundStatus, SceneInfo,
        SignatureHeaders, SubOrder, Trade, TradeState, TradeType, VerificationError, app_parameters,
        jsapi_parameters,
        notification::{
            Event, Notification, NotificationError, TestNotification, generate_test_notification,
            generate_test_signature,
        },
    },
    wire::{
        aead,
        certificate::Certificate,
        rsa::{PrivateKey, PublicKey},
        v3,
    },
};

const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000000";
const NOW: i64 = 1_767_240_000;
const API_V3_KEY: &str = "5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6";

#[track_caller]
fn certificate() -> Certificate {
    Certificate::from_pem(include_str!("keys/platform_cert.pem")).unwrap()
}

#[track_caller]
fn public_key() -> PublicKey {
    PublicKey::from_pem(include_str!("keys/wechatpay_public.pem")).unwrap()
}

/// The private key of a serial.
#[track_caller]
fn wechat(serial: &str) -> PrivateKey {
    PrivateKey::from_pem(if serial == SERIAL {
        include_str!("keys/platform_key.pem")
    } else {
        include_str!("keys/wechatpay_key.pem")
    })
    .unwrap()
}

fn ring() -> KeyRing {
    let keys = KeyRing::new();
    keys.add_public_key(PUBLIC_KEY_ID, public_key());
    keys.replace_certificates(vec![certificate()]);
    keys
}

#[track_caller]
fn key() -> ApiV3Key {
    ApiV3Key::parse(API_V3_KEY).unwrap()
}

#[track_caller]
fn merchant() -> Merchant {
    let pem = include_str!("keys/merchant_pkcs8.pem");
    let credential =
        Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem).unwrap();
    Merchant::new("wxd678efh567hg6787", credential, key())
}

#[track_caller]
fn merchant_public() -> PublicKey {
    PublicKey::from_pem(include_str!("keys/merchant_public.pem")).unwrap()
}

fn paid() -> Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": "1900009191", "out_trade_no": "20260101000001",
        "transaction_id": "4200000000202601010000000001", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
        "trade_type": "JSAPI", "bank_type": "OTHERS", "attach": "", "success_time": "2026-01-01T12:00:00+08:00",
        "payer": {"openid": "oUpF8uMuAJO"}, "field_of_tomorrow": {"a": [1]},
        "amount": {"total": 1990, "payer_total": 1890, "currency": "CNY", "payer_currency": "CNY"},
    })
}

fn posted(event_type: &str, plaintext: &Value) -> TestNotification {
    generate_test_notification(
        event_type,
        &plaintext.to_string(),
        &key(),
        SERIAL,
        &wechat(SERIAL),
        NOW,
        "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
    )
}

fn parse(test: &TestNotification) -> Result<Notification, NotificationError> {
    Notification::parse(&test.headers, test.body.as_bytes(), &ring(), &key(), NOW)
}

#[test]
fn the_published_vector_decrypts() {
    let vectors: Value = serde_json::from_str(include_str!("vectors_v3.json")).unwrap();
    let text = |name: &str| vectors[name].as_str().unwrap();
    let key: &[u8; 32] = text("key").as_bytes().try_into().unwrap();
    let plain = aead::decrypt(key, text("nonce"), text("aad"), text("ciphertext")).unwrap();
    assert_eq!(plain, text("expect").as_bytes());
    let nonce: &[u8; 12] = text("nonce").as_bytes().try_into().unwrap();
    assert_eq!(aead::encrypt(key, nonce, text("aad"), &plain), text("ciphertext"));
    // this crate parses the published transaction
    let test = generate_test_notification(
        "TRANSACTION.SUCCESS",
        text("expect"),
        &ApiV3Key::parse(text("key")).unwrap(),
        SERIAL,
        &wechat(SERIAL),
        NOW,
        "n",
    );
    let Event::Transaction(transaction) = parse(&test).unwrap().event else { panic!("a payment") };
    let payment = transaction.payment.unwrap();
    assert_eq!(
        (payment.total, payment.payer_total, &payment.trade_type),
        (100, Some(100), &Some(TradeType::Micropay))
    );
    assert_eq!(payment.paid_at(), Some(1_528_425_296));
    assert_eq!(transaction.promotion_detail.len(), 2);
    assert_eq!(transaction.promotion_detail[0].goods_detail[1].discount_amount, 1);
}

#[test]
fn both_pem_formats_give_the_same_private_key() {
    let pkcs1 = PrivateKey::from_pem(include_str!("keys/merchant_pkcs1.pem")).unwrap();
    let pkcs8 = PrivateKey::from_pem(include_str!("keys/merchant_pkcs8.pem")).unwrap();
    assert_eq!(pkcs1.sign(b"message"), pkcs8.sign(b"message"));
    assert!(merchant_public().verify(b"message", &pkcs1.sign(b"message")));
    assert!(!merchant_public().verify(b"another", &pkcs1.sign(b"message")));
}

#[test]
fn an_invalid_key_is_refused_and_not_printed() {
    for text in [
        "",
        "secret",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
        include_str!("keys/platform_cert.pem"),
        include_str!("keys/wechatpay_public.pem"),
    ] {
        let error = PrivateKey::from_pem(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("c2VjcmV0"));
    }
    for text in ["", include_str!("keys/platform_cert.pem"), include_str!("keys/merchant_pkcs8.pem")] {
        assert!(PublicKey::from_pem(text).is_err());
    }
    for text in [
        "",
        include_str!("keys/wechatpay_public.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ] {
        assert!(Certificate::from_pem(text).is_err());
    }
}

#[test]
fn no_secret_is_printed() {
    let printed = format!("{:?} {:?} {:?}", merchant(), ring(), wechat(SERIAL));
    assert!(
        !printed.contains(API_V3_KEY) && !printed.contains("53, 89") && !printed.contains("MII"),
        "{printed}"
    );
    assert!(printed.contains(SERIAL) && printed.contains("1900009191"));
}

#[test]
fn the_signed_lines_of_a_request_are_exact() {
    let merchant = merchant();
    let body = r#"{"appid":"茶"}"#;
    let header = merchant.credential().authorization(
        "POST",
        "/v3/pay/transactions/jsapi?a=1",
        body.as_bytes(),
        1_554_208_460,
        "593BEC0C930BF1AFEB40B4A08C8FB242",
    );
    let (schema, pairs) = header.split_once(' ').unwrap();
    assert_eq!(schema, "WECHATPAY2-SHA256-RSA2048");
    let pair = |name: &str| {
        pairs
            .split(',')
            .find_map(|pair| pair.strip_prefix(&format!("{name}=\""))?.strip_suffix('"'))
            .unwrap()
            .to_owned()
    };
    assert_eq!(pair("mchid"), "1900009191");
    assert_eq!(pair("serial_no"), "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C");
    let message = format!(
        "POST\n/v3/pay/transactions/jsapi?a=1\n{}\n{}\n{body}\n",
        pair("timestamp"),
        pair("nonce_str")
    );
    assert!(merchant_public().verify(message.as_bytes(), &pair("signature")));
}

#[test]
fn trap_08_an_app_signs_the_prepay_id_without_a_prefix() {
    let (merchant, prepay_id) = (merchant(), "wx201410272009395522657a690389285100");
    let page = jsapi_parameters(&merchant, prepay_id, 1_554_208_460, "593BEC");
    let signed = format!("wxd678efh567hg6787\n1554208460\n593BEC\nprepay_id={prepay_id}\n");
    assert!(merchant_public().verify(signed.as_bytes(), &page.pay_sign));
    assert_eq!((&*page.time_stamp, page.sign_type), ("1554208460", "RSA"));

    let app = app_parameters(&merchant, prepay_id, 1_554_208_460, "593BEC");
    let signed = format!("wxd678efh567hg6787\n1554208460\n593BEC\n{prepay_id}\n");
    assert!(merchant_public().verify(signed.as_bytes(), &app.sign));
    assert_eq!((app.package, &*app.partnerid, &*app.prepayid), ("Sign=WXPay", "1900009191", prepay_id));
}

#[test]
fn only_the_receiver_decrypts_a_sensitive_field() {
    let encrypted = merchant_public().encrypt("张三 13800138000".as_bytes()).unwrap();
    let plain = merchant().credential().private_key().decrypt(&encrypted).unwrap();
    assert_eq!(&**plain, "张三 13800138000".as_bytes());
    assert!(wechat(SERIAL).decrypt(&encrypted).is_err());
    assert!(merchant().credential().private_key().decrypt("not base64!").is_err());
    assert!(merchant_public().encrypt(&[b'x'; 215]).is_err());
    let (serial, key) = ring().encrypting_key(NOW).unwrap();
    assert_eq!(serial, PUBLIC_KEY_ID);
    let encrypted = key.encrypt(b"x").unwrap();
    assert_eq!(&**wechat(PUBLIC_KEY_ID).decrypt(&encrypted).unwrap(), b"x");
    let certificates_only = KeyRing::new();
    certificates_only.replace_certificates(vec![certificate()]);
    assert_eq!(certificates_only.encrypting_key(NOW).unwrap().0, SERIAL);
    assert!(certificates_only.encrypting_key(0).is_none(), "the certificate is not valid yet");
}

#[test]
fn trap_02_both_kinds_of_keys_verify_with_their_own_serial() {
    let body = b"{}";
    for serial in [SERIAL, PUBLIC_KEY_ID] {
        let headers = generate_test_signature(body, serial, &wechat(serial), NOW, "n");
        ring().verify(&headers, body, NOW).unwrap();
        // the signature of one key with the serial of the other
        let other = if serial == SERIAL { PUBLIC_KEY_ID } else { SERIAL };
        let headers = SignatureHeaders { serial: other.into(), ..headers };
        assert_eq!(ring().verify(&headers, body, NOW), Err(VerificationError::Signature));
    }
    let headers = generate_test_signature(body, "7777", &wechat(SERIAL), NOW, "n");
    assert_eq!(ring().verify(&headers, body, NOW), Err(VerificationError::UnknownSerial("7777".into())));
}

#[test]
fn trap_02_a_certificates_serial_is_a_number() {
    let headers =
        generate_test_signature(b"{}", &format!("00{}", SERIAL.to_lowercase()), &wechat(SERIAL), NOW, "n");
    ring().verify(&headers, b"{}", NOW).unwrap();
    // the id of a public key is a text: its case matters
    let id = PUBLIC_KEY_ID.to_lowercase();
    let headers = generate_test_signature(b"{}", &id, &wechat(PUBLIC_KEY_ID), NOW, "n");
    assert_eq!(ring().verify(&headers, b"{}", NOW), Err(VerificationError::UnknownSerial(id)));
}

#[test]
fn trap_11_an_unknown_serial_is_printed_in_one_short_line() {
    let headers =
        generate_test_signature(b"", &format!("7\n\u{1b}[2J{}", "茶".repeat(500)), &wechat(SERIAL), NOW, "n");
    let Err(VerificationError::UnknownSerial(quoted)) = ring().verify(&headers, b"", NOW) else {
        panic!("the serial is unknown")
    };
    assert_eq!((quoted.chars().count(), quoted.starts_with("7[2J茶")), (64, true));
}

#[test]
fn trap_03_readers_of_a_key_ring_see_no_partial_replacement() {
    let keys = ring();
    let headers = generate_test_signature(b"{}", SERIAL, &wechat(SERIAL), NOW, "n");
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..300 {
                    keys.replace_certificates(vec![certificate()]);
                    keys.add_public_key(PUBLIC_KEY_ID, public_key());
                }
            });
            scope.spawn(|| {
                for _ in 0..300 {
                    keys.verify(&headers, b"{}", NOW).unwrap();
                    assert_eq!(keys.serials(), [PUBLIC_KEY_ID, SERIAL]);
                }
            });
        }
    });
}

#[test]
fn trap_04_the_received_bytes_are_verified_unchanged() {
    let body = b"{ \"a\" : 1,\r\n\"b\":\"\\u8336\" }\n";
    let headers = generate_test_signature(body, SERIAL, &wechat(SERIAL), NOW, "n");
    ring().verify(&headers, body, NOW).unwrap();
    let tidied = serde_json::from_slice::<Value>(body).unwrap().to_string();
    assert_eq!(ring().verify(&headers, tidied.as_bytes(), NOW), Err(VerificationError::Signature));
}

#[test]
fn trap_04_the_line_between_nonce_and_body_cannot_be_moved() {
    let headers = generate_test_signature(b"first\nsecond", SERIAL, &wechat(SERIAL), NOW, "n");
    let moved = SignatureHeaders { nonce: "n\nfirst".into(), ..headers };
    // both messages have the same signed text
    assert_eq!(
        v3::response_message(&moved.timestamp, &moved.nonce, b"second"),
        v3::response_message(&moved.timestamp, "n", b"first\nsecond")
    );
    let refused = VerificationError::Header("Wechatpay-Nonce");
    assert_eq!(ring().verify(&moved, b"second", NOW), Err(refused));
}

#[test]
fn trap_05_a_missing_header_is_refused() {
    let honest = posted("TRANSACTION.SUCCESS", &paid()).headers;
    let all = [
        ("Wechatpay-Timestamp", &honest.timestamp),
        ("Wechatpay-Nonce", &honest.nonce),
        ("Wechatpay-Serial", &honest.serial),
        ("Wechatpay-Signature", &honest.signature),
    ];
    let without = |missing: &str| {
        SignatureHeaders::read(|name| {
            all.iter().find(|(known, _)| *known == name && name != missing).map(|(_, value)| &***value)
        })
    };
    assert_eq!(without("").unwrap(), SignatureHeaders { signature_type: None, ..honest.clone() });
    for (name, _) in all {
        assert_eq!(without(name), Err(VerificationError::Header(name)));
    }
    assert_eq!(SignatureHeaders::read(|_| Some("")), Err(VerificationError::Header("Wechatpay-Timestamp")));
    let long = "9".repeat(5000);
    assert!(SignatureHeaders::read(|_| Some(&long)).is_err());
}

#[test]
fn trap_05_successful_decryption_does_not_replace_the_signature() {
    // encrypted with the right key, signed with a wrong one
    let forged = generate_test_notification(
        "TRANSACTION.SUCCESS",
        &paid().to_string(),
        &key(),
        SERIAL,
        merchant().credential().private_key(),
        NOW,
        "n",
    );
    let error = parse(&forged).unwrap_err();
    assert_eq!(error, NotificationError::Verification(VerificationError::Signature));
    assert!(!error.is_verified());
}

#[test]
fn trap_09_a_signature_from_the_past_or_the_future_is_refused() {
    for (off, fresh) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
        let headers = generate_test_signature(b"", SERIAL, &wechat(SERIAL), NOW + off, "n");
        let expected = if fresh { Ok(()) } else { Err(VerificationError::Stale) };
        assert_eq!(ring().verify(&headers, b"", NOW), expected, "{off}");
    }
    for timestamp in ["", "-1", "+1", "1e9", " 1", "９", "99999999999999999999", "1767240000000"] {
        let headers = generate_test_signature(b"", SERIAL, &wechat(SERIAL), NOW, "n");
        let headers = SignatureHeaders { timestamp: timestamp.into(), ..headers };
        assert!(ring().verify(&headers, b"", NOW).is_err(), "{timestamp}");
    }
    assert_eq!(v3::FRESHNESS, 300);
}

#[test]
fn trap_10_a_signature_probe_is_a_wrong_signature_and_is_recognized() {
    let mut probe = posted("TRANSACTION.SUCCESS", &paid());
    for signature in ["WECHATPAY/SIGNTEST/YzZkNmQ5", "WECHATPAY/SIGNTEST/!not base64!", "WECHATPAY/SIGNTEST/"]
    {
        probe.headers.signature = signature.into();
        let error = parse(&probe).unwrap_err();
        assert_eq!(error, NotificationError::Verification(VerificationError::Probe));
        assert!(error.is_probe() && !error.is_verified());
    }
    probe.headers.signature = "!".into();
    let error = parse(&probe).unwrap_err();
    assert!(!error.is_probe());
    assert_eq!(error, NotificationError::Verification(VerificationError::Signature));
}

#[test]
fn trap_11_a_nonce_of_a_wrong_length_is_refused() {
    let encrypted = aead::encrypt(key().expose(), b"fdasflkja484", "transaction", b"{}");
    for nonce in ["", "fdasflkja48", "fdasflkja4844", &"n".repeat(10_000), "茶茶茶茶茶"] {
        assert!(aead::decrypt(key().expose(), nonce, "transaction", &encrypted).is_err());
        let body = json!({
            "id": "E", "create_time": "t", "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource",
            "resource": {"original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "ciphertext": encrypted,
                "associated_data": "transaction", "nonce": nonce},
        })
        .to_string();
        let headers = generate_test_signature(body.as_bytes(), SERIAL, &wechat(SERIAL), NOW, "n");
        let error = Notification::parse(&headers, body.as_bytes(), &ring(), &key(), NOW).unwrap_err();
        assert!(matches!(error, NotificationError::Decryption(_)) && error.is_verified());
    }
}

#[test]
fn trap_11_a_body_that_is_too_long_is_refused_before_verification() {
    let body = " ".repeat(64 * 1024 + 1);
    let headers = generate_test_signature(body.as_bytes(), SERIAL, &wechat(SERIAL), NOW, "n");
    let error = Notification::parse(&headers, body.as_bytes(), &ring(), &key(), NOW).unwrap_err();
    assert_eq!(error, NotificationError::TooLong);
    assert!(!error.is_verified());
}

#[test]
fn an_expired_certificate_verifies_nothing() {
    let headers = generate_test_signature(b"", SERIAL, &wechat(SERIAL), 0, "n");
    assert_eq!(ring().verify(&headers, b"", 0), Err(VerificationError::Expired(SERIAL.into())));
}

#[test]
fn serials_are_equal_in_any_case_and_with_leading_zeros() {
    let serial = format!("00{}", SERIAL.to_lowercase());
    let headers = generate_test_signature(b"", &serial, &wechat(SERIAL), NOW, "n");
    ring().verify(&headers, b"", NOW).unwrap();
}

#[test]
fn another_signature_type_is_refused() {
    let headers = generate_test_signature(b"", SERIAL, &wechat(SERIAL), NOW, "n");
    let headers = SignatureHeaders { signature_type: Some("WECHATPAY2-SM2-WITH-SM3".into()), ..headers };
    assert_eq!(ring().verify(&headers, b"", NOW), Err(VerificationError::SignatureType));
}

#[test]
fn a_notification_contains_a_payment() {
    let notification = parse(&posted("TRANSACTION.SUCCESS", &paid())).unwrap();
    assert_eq!(notification.event_type, "TRANSACTION.SUCCESS");
    assert!(notification.plaintext().contains("field_of_tomorrow"));
    let Event::Transaction(transaction) = notification.event else { panic!("a payment") };
    assert_eq!((&*transaction.appid, &*transaction.mchid), ("wxd678efh567hg6787", "1900009191"));
    assert_eq!((&transaction.trade_state, transaction.attach.as_deref()), (&TradeState::Success, None));
    let payment = transaction.payment.unwrap();
    assert_eq!((payment.total, payment.payer_total, payment.currency()), (1990, Some(1890), "CNY"));
    assert_eq!((payment.openid.as_deref(), payment.paid_at()), (Some("oUpF8uMuAJO"), Some(NOW)));
}

#[test]
fn a_notification_contains_a_refund() {
    let refund = json!({
        "mchid": "1900009191", "out_trade_no": "20260101000001", "transaction_id": "42", "out_refund_no": "R1",
        "refund_id": "50", "refund_status": "SUCCESS", "success_time": "2026-01-01T12:00:00+08:00",
        "user_received_account": "招商银行信用卡0403",
        "amount": {"total": 1990, "refund": 990, "payer_total": 1990, "payer_refund": 990},
    });
    let Event::Refund(parsed) = parse(&posted("REFUND.SUCCESS", &refund)).unwrap().event else {
        panic!("a refund")
    };
    assert_eq!(parsed.mchid, "1900009191");
    assert_eq!((parsed.refund.status.clone(), parsed.refund.amount.refund), (RefundStatus::Success, 990));
    assert_eq!(parsed.refund.refunded_at(), Some(NOW));
}

#[test]
fn a_notification_contains_combined_payments() {
    let combined = json!({
        "combine_appid": "wxd678efh567hg6787", "combine_mchid": "1900009191", "combine_out_trade_no": "C1",
        "combine_payer_info": {"openid": "oUpF8uMuAJO"},
        "sub_orders": [{"mchid": "1900009191", "out_trade_no": "S1", "trade_state": "SUCCESS", "trade_type": "JSAPI",
            "transaction_id": "42", "bank_type": "CMC", "success_time": "2026-01-01T12:00:00+08:00", "attach": "a",
            "amount": {"total_amount": 10, "payer_amount": 9, "currency": "CNY", "payer_currency": "CNY"}}],
    });
    let Event::CombineTransaction(parsed) = parse(&posted("TRANSACTION.SUCCESS", &combined)).unwrap().event
    else {
        panic!("combined payments")
    };
    let payment = parsed.sub_orders[0].payment.as_ref().unwrap();
    assert_eq!(
        (payment.total, payment.payer_total, payment.openid.as_deref()),
        (10, Some(9), Some("oUpF8uMuAJO"))
    );
}

#[test]
fn a_verified_message_with_wrong_content_has_its_own_error() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut plain = paid();
        change(&mut plain);
        let error = parse(&posted("TRANSACTION.SUCCESS", &plain)).unwrap_err();
        assert!(error.is_verified(), "{error}");
        error
    };
    for name in ["transaction_id", "amount"] {
        let error = refused(&|plain| drop(plain.as_object_mut().unwrap().remove(name)));
        assert_eq!(error, NotificationError::Field(InvalidField(name)));
    }
    // trap 14: an amount is an integer and not negative
    for amount in [json!(19.90), json!("1990"), json!(1e3), json!(u64::MAX)] {
        let error = refused(&|plain| plain["amount"]["total"] = amount.clone());
        assert!(matches!(error, NotificationError::Json(_)), "{amount}");
    }
    let error = refused(&|plain| plain["amount"]["total"] = json!(-1));
    assert_eq!(error, NotificationError::Field(InvalidField("total")));
}

#[test]
fn a_payment_is_read_without_its_optional_fields() {
    let read = |change: &dyn Fn(&mut Value)| {
        let mut plain = paid();
        change(&mut plain);
        let parsed =
            parse(&posted("TRANSACTION.SUCCESS", &plain)).unwrap_or_else(|error| panic!("{plain}: {error}"));
        let Event::Transaction(transaction) = parsed.event else { panic!("a payment") };
        assert_eq!(transaction.payment.as_ref().unwrap().transaction_id, "4200000000202601010000000001");
        transaction.missing_fields()
    };
    assert_eq!(read(&|_| ()), [""; 0]);
    for name in ["payer", "trade_type", "success_time"] {
        assert_eq!(read(&|plain| drop(plain.as_object_mut().unwrap().remove(name))), [name]);
        assert_eq!(read(&|plain| plain[name] = Value::Null), [name]);
        assert_eq!(read(&|plain| plain[name] = json!(7)), [name]);
    }
    assert_eq!(read(&|plain| plain["payer"] = json!({})), ["payer"]);
    assert_eq!(read(&|plain| plain["promotion_detail"] = json!([{"amount": 1}])), ["promotion_detail"]);
    assert_eq!(read(&|plain| plain["amount"]["payer_total"] = json!("9")), [""; 0]);
}

#[test]
fn trap_14_no_discount_and_no_refund_amount_is_negative() {
    // the parsed discounts, and the fields that are not parsed
    let with = |promotion: Value| {
        let mut plain = paid();
        plain["promotion_detail"] = json!([promotion]);
        let Event::Transaction(transaction) = parse(&posted("TRANSACTION.SUCCESS", &plain)).unwrap().event
        else {
            panic!("a payment")
        };
        (transaction.promotion_detail.len(), transaction.missing_fields())
    };
    let goods =
        |discount| json!([{"goods_id": "1", "quantity": 1, "unit_price": 1, "discount_amount": discount}]);
    assert_eq!(
        with(json!({"coupon_id": "1", "amount": 0, "other_contribute": 0, "goods_detail": goods(0)})),
        (1, vec![])
    );
    for promotion in [
        json!({"coupon_id": "1", "amount": -1}),
        json!({"coupon_id": "1", "amount": 1, "wechatpay_contribute": -1}),
        json!({"coupon_id": "1", "amount": 1, "merchant_contribute": -1}),
        json!({"coupon_id": "1", "amount": 1, "other_contribute": -1}),
        json!({"coupon_id": "1", "amount": 1, "goods_detail": goods(-1)}),
    ] {
        assert_eq!(with(promotion), (0, vec!["promotion_detail"]));
    }
    for name in ["settlement_refund", "settlement_total", "discount_refund"] {
        let mut refund = json!({"refund_id": "50", "out_refund_no": "R1", "transaction_id": "42", "out_trade_no": "S1",
            "status": "SUCCESS", "amount": {"total": 2, "refund": 1, "payer_total": 2, "payer_refund": 1}});
        assert!(Refund::from_json(&refund.to_string()).is_ok());
        refund["amount"][name] = json!(-1);
        assert_eq!(Refund::from_json(&refund.to_string()), Err(ReadError::Field(InvalidField(name))));
    }
}

#[test]
fn trap_12_each_api_version_has_its_own_acknowledgement() {
    use wechat::pay::{v2, v3::notification};
    // WeChat repeats a V3 notification if the shop answers with V2's XML
    let answered = |text: &str| serde_json::from_str::<Value>(text).unwrap()["code"].clone();
    assert_eq!(answered(notification::acknowledge()), "SUCCESS");
    assert_eq!(answered(&notification::refuse("later \"x\"")), "FAIL");
    let answered = |text: String| {
        let fields = wechat::wire::xml::parse(text.as_bytes()).unwrap();
        fields.get("return_code").unwrap().to_owned()
    };
    assert_eq!(answered(v2::notification::acknowledge()), "SUCCESS");
    assert_eq!(answered(v2::notification::refuse("]]><return_code>SUCCESS</return_code>")), "FAIL");
}

#[test]
fn trap_12_a_repeated_notification_has_a_new_signature_and_the_same_id() {
    let first = posted("TRANSACTION.SUCCESS", &paid());
    let again = generate_test_signature(first.body.as_bytes(), SERIAL, &wechat(SERIAL), NOW + 90_000, "n2");
    let parsed = parse(&first).unwrap();
    let (ring, key) = (ring(), key());
    let repeated = Notification::parse(&again, first.body.as_bytes(), &ring, &key, NOW + 90_000).unwrap();
    assert_eq!(repeated, parsed);
    // the headers of the first attempt do not verify: they are a day old
    let stale = Notification::parse(&first.headers, first.body.as_bytes(), &ring, &key, NOW + 90_000);
    assert_eq!(stale, Err(NotificationError::Verification(VerificationError::Stale)));
}

#[test]
fn another_key_does_not_decrypt() {
    let test = posted("TRANSACTION.SUCCESS", &paid());
    let other = ApiV3Key::parse("0123456789abcdef0123456789abcdef").unwrap();
    let error = Notification::parse(&test.headers, test.body.as_bytes(), &ring(), &other, NOW).unwrap_err();
    assert!(matches!(error, NotificationError::Decryption(_)), "{error}");
}

#[test]
fn an_unknown_event_type_is_accepted() {
    let body = posted("TRANSACTION.SUCCESS", &paid())
        .body
        .replace("\"original_type\":\"transaction\"", "\"original_type\":\"coupon\"");
    let headers = generate_test_signature(body.as_bytes(), SERIAL, &wechat(SERIAL), NOW, "n");
    let notification = Notification::parse(&headers, body.as_bytes(), &ring(), &key(), NOW).unwrap();
    assert_eq!(notification.event, Event::Unknown);
    assert!(notification.plaintext().contains("oUpF8uMuAJO"));
}

#[test]
fn each_trade_type_sends_its_fields() {
    let sent = |trade| -> Value {
        let mut order =
            PrepayRequest::new("小店-茶 & \"杯\"", "20260101000001", 1990, "https://h/notify", trade);
        order.scene_info = Some(SceneInfo { device_id: Some("7".into()), ..SceneInfo::new("203.0.113.7") });
        serde_json::from_str(order.request(&merchant()).as_str()).unwrap()
    };
    let jsapi = sent(Trade::Jsapi { openid: "oUpF8uMuAJO".into() });
    assert_eq!(jsapi["payer"], json!({"openid": "oUpF8uMuAJO"}));
    assert_eq!(jsapi["amount"], json!({"total": 1990, "currency": "CNY"}));
    assert_eq!(jsapi["scene_info"], json!({"payer_client_ip": "203.0.113.7", "device_id": "7"}));
    assert_eq!(jsapi["description"], "小店-茶 & \"杯\"");
    let h5 = sent(Trade::H5 { payer_client_ip: "203.0.113.8".into(), h5_info: H5Info::wap() });
    assert_eq!(
        h5["scene_info"],
        json!({"payer_client_ip": "203.0.113.8", "device_id": "7", "h5_info": {"type": "Wap"}})
    );
    for other in [h5, sent(Trade::Native), sent(Trade::App)] {
        assert_eq!(other.get("payer"), None);
    }
}

#[test]
fn trap_17_a_request_has_the_same_bytes_each_time() {
    let order = PrepayRequest::new(
        "茶",
        "20260101000001",
        1990,
        "https://h/notify",
        Trade::Jsapi { openid: "o".into() },
    );
    assert_eq!(order.request(&merchant()), order.clone().request(&merchant()));
    let refund = RefundRequest::new(
        PaymentId::TransactionId("42".into()),
        "R1",
        RefundRequestAmount { total: 1990, refund: 990 },
    );
    assert_eq!(refund.request(), refund.clone().request());
}

#[test]
fn combined_orders_list_each_order() {
    let orders = vec![
        SubOrder::new("1900009191", "S1", 10, "茶", "a"),
        SubOrder::new("1900009192", "S2", 20, "杯", "b"),
    ];
    let request = CombinePrepayRequest::new("C1", orders, "https://h/n", Trade::Jsapi { openid: "o".into() });
    let sent: Value = serde_json::from_str(request.request(&merchant()).as_str()).unwrap();
    assert_eq!(
        sent,
        json!({"combine_appid": "wxd678efh567hg6787", "combine_mchid": "1900009191", "combine_out_trade_no": "C1",
            "combine_payer_info": {"openid": "o"}, "notify_url": "https://h/n", "sub_orders": [
            {"mchid": "1900009191", "out_trade_no": "S1", "description": "茶", "attach": "a",
                "amount": {"total_amount": 10, "currency": "CNY"}},
            {"mchid": "1900009192", "out_trade_no": "S2", "description": "杯", "attach": "b",
                "amount": {"total_amount": 20, "currency": "CNY"}}]})
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_in_the_body_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let test = posted("TRANSACTION.SUCCESS", &paid());
        let mut body = test.body.into_bytes();
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        let error = Notification::parse(&test.headers, &body, &ring(), &key(), NOW).unwrap_err();
        prop_assert_eq!(error, NotificationError::Verification(VerificationError::Signature));
    }

    #[test]
    fn trap_11_no_headers_or_bytes_cause_a_panic(
        timestamp in "[0-9]{0,20}|.{0,10}", nonce in ".{0,40}", signature in "[A-Za-z0-9+/=]{0,400}|.{0,40}",
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let headers = SignatureHeaders {
            timestamp, nonce, serial: SERIAL.into(), signature, signature_type: None,
        };
        prop_assert!(Notification::parse(&headers, &body, &ring(), &key(), NOW).is_err());
        let now = NOW.to_string();
        let headers = SignatureHeaders { timestamp: now, ..headers };
        prop_assert!(Notification::parse(&headers, &body, &ring(), &key(), NOW).is_err());
    }

    #[test]
    fn trap_11_no_signed_bytes_cause_a_panic(body in "\\PC{0,100}", plain in "\\PC{0,100}") {
        let headers = generate_test_signature(body.as_bytes(), SERIAL, &wechat(SERIAL), NOW, "n");
        let _ = Notification::parse(&headers, body.as_bytes(), &ring(), &key(), NOW);
        let test = generate_test_notification(
            "TRANSACTION.SUCCESS", &plain, &key(), SERIAL, &wechat(SERIAL), NOW, "n",
        );
        let _ = parse(&test);
        let _ = aead::decrypt(key().expose(), &plain, &body, &body);
        let _ = Certificate::from_pem(&format!("-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----"));
    }
}

#[test]
fn characters_that_wechat_refuses_are_removed() {
    let order =
        PrepayRequest::new("茶🍵 \"50\" g", "20260101000001", 1990, "https://h/notify", Trade::Native);
    let sent: Value = serde_json::from_str(order.request(&merchant()).as_str()).unwrap();
    assert_eq!(sent["description"], "茶 \"50\" g");
    let mut refund = RefundRequest::new(
        PaymentId::OutTradeNo("S1".into()),
        "R1",
        RefundRequestAmount { total: 2, refund: 1 },
    );
    refund.reason = Some("不要了🌸".into());
    let sent: Value = serde_json::from_str(refund.request().as_str()).unwrap();
    assert_eq!(sent["reason"], "不要了");
}
