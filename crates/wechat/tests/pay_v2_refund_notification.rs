//! Tests of the V2 refund notification. It is decrypted, but it has no signature.
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use wechat::{
    Secret,
    pay::v2::{
        InvalidField, RefundStatus,
        refund_notification::{RefundNotificationError, UntrustedRefund, generate_test_notification},
    },
    time,
    wire::{Fields, aes, xml},
};

/// Source of the vector: easywechat, tests/Kernel/Support/AesEcbTest.php.
const KEY: &str = "1234567890abcdef1234567890abcdef";
const REQ_INFO: &str = "m+cqC5OWNek/jGSeSFjMwxqoQmt9x/XQEPRosjYHR2a6kosdkuS2hFlt1QP/ykVOCm6PXnC0tOc7gsPzP3aG4Hhn7wJwJAvMhSUJhOAOlnXtHupbyiwb9vNgqAwcSr04U1yoI8UemDCz+TnIsbldurZh6UKtDqSutp/KiutgJ/9crss+fh9hy9UcBKO60JkJgka79q6lkQoOKZh3kIHrFEZGFKcvCOJzx/heVtz8AHGoB/IuNV4Mh280FZM1TTe8V54eXgqHNAOdJCoYQuKu34tepA+a4sjCcPOmNU5wLCjEFQ/+w7Ad8U2i3bfaA713DPk5qV8IVSB1cMGZj+zZBGPT4OWBg0vZD4ZJCydf93e95CbxV7FuSPiFnZwjvsHBCA7DNGoAfSx72p5ZBcyCTFV9y4O9xTukHUmJNI8XK+JhR5Imz9u5422lfN5FcM6g4WdLDTVO/DiN4chaTUk9uqEiMqD2Bn3+ZWe/R91YDW8koG3qd7m/9y7sckptNQWU9fi+zk/AbCLHETiUIj4dtFxsZRTBUFIEmSl2ebcPEdowOLzjUe2uW/Qr8dDwFuWGsSYawYnsbsxliNc5DthzhcdB9MDkOab6hckUIC7639s6DKFP44Olgjc+tt5EfDpNxK0rHh4rhlCz9h5ZhzI7CVqJRx5pCLEBaJKntPeF9IWfj92VYMY7o8TesmqhiDWnGVGSK8vXDsQMAWIhHi2STvdVAZkaOTzF+cxVJsUgy2zVlGhNzlqjQZmLoXZ/Kiid7cfUQvg/Bqw4We6KRrAfTHplwjbghjVzqWsgJv8KI3cYjFJEtTy19a0z3yBrcthtjszmBEUyUG/d4O0DzGEG+JNB4VsMz/jWUJ2d2uJmpyvngyt5RkafRH4mCHWkNTPz5UCBZtJbvFzQ/VB/X077Apwgk7lfgULu1uVF9N108kRKQcrqoGEH/oZ6lo0wIXbITx+7lr91eMvu4JgGPSQW4MKbluSa28iwkE5YcnQbYd0=";

fn body(req_info: &str) -> String {
    xml::write(
        &Fields::new()
            .with("return_code", "SUCCESS")
            .with("appid", "wxd930ea5d5a258f4f")
            .with("mch_id", "10000100")
            .with("nonce_str", "n")
            .with("req_info", req_info),
    )
}

#[test]
fn trap_13_the_published_refund_notification_is_read() {
    let untrusted = UntrustedRefund::parse(body(REQ_INFO).as_bytes(), &Secret::new(KEY)).unwrap();
    assert_eq!((&*untrusted.out_refund_no, &*untrusted.out_trade_no), ("123", "abc"));
    assert_eq!(untrusted.refund_id, "50000303712017072701466990000");
    assert_eq!((untrusted.refund_fee, untrusted.total_fee), (1, 1));
    assert_eq!(untrusted.refund_status, RefundStatus::Success);
    assert_eq!(untrusted.fields().get("refund_recv_accout"), Some("用户零钱"));
    let at = time::parse_v2_date_time(untrusted.success_time.as_deref().unwrap());
    assert_eq!(at, time::parse_v2_time("20170727003309"));
}

#[test]
fn trap_13_the_decryption_key_keeps_leading_zeros() {
    // md5("363") begins with 00411460f7c92d21
    let key = Secret::new("363");
    let notification = generate_test_notification(
        UntrustedRefund::parse(body(REQ_INFO).as_bytes(), &Secret::new(KEY)).unwrap().fields().clone(),
        "wx1",
        "1",
        &key,
    );
    assert!(UntrustedRefund::parse(notification.as_bytes(), &key).is_ok());
    let encrypted = xml::parse(notification.as_bytes()).unwrap().get("req_info").unwrap().to_owned();
    let encrypted = STANDARD.decode(encrypted).unwrap();
    assert!(aes::decrypt_ecb(b"00411460f7c92d2124a67ea0f4cb5f85", &encrypted).is_ok());
}

#[test]
fn a_missing_or_wrong_field_has_its_own_error() {
    let parse = |body: &str| UntrustedRefund::parse(body.as_bytes(), &Secret::new(KEY)).unwrap_err();
    assert_eq!(parse(&body("")), RefundNotificationError::Field(InvalidField("req_info")));
    assert_eq!(parse(&body("!")), RefundNotificationError::Decryption);
    assert_eq!(parse(&body("AAAA")), RefundNotificationError::Decryption);
    assert_eq!(
        parse(&body(REQ_INFO).replace("<![CDATA[SUCCESS]]>", "FAIL")),
        RefundNotificationError::ReturnCode
    );
    assert!(UntrustedRefund::parse(body(REQ_INFO).as_bytes(), &Secret::new("another")).is_err());
    assert!(matches!(parse(&format!("<!DOCTYPE xml>{}", body(REQ_INFO))), RefundNotificationError::Xml(_)));
    // an XML entity inside the encrypted part
    let key = Secret::new(KEY);
    let honest = generate_test_notification(Fields::new(), "wx1", "1", &key);
    assert_eq!(parse(&honest), RefundNotificationError::Field(InvalidField("out_trade_no")));
}

proptest! {
    #[test]
    fn trap_11_no_bytes_cause_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200), plain in "\\PC{0,60}",
    ) {
        let key = Secret::new(KEY);
        let _ = UntrustedRefund::parse(&bytes, &key);
        let encrypted = STANDARD.encode(&bytes);
        let _ = UntrustedRefund::parse(body(&encrypted).as_bytes(), &key);
        let encrypted = STANDARD.encode(aes::encrypt_ecb(b"24cc2089ec57ab0b8fa883e360598865", plain.as_bytes()));
        prop_assert!(UntrustedRefund::parse(body(&encrypted).as_bytes(), &key).is_err());
    }
}
