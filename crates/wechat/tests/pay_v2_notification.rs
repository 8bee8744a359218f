//! Tests of the V2 payment notification.
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use proptest::prelude::*;
use wechat::{
    Secret,
    pay::v2::{
        InvalidField, SignType, TradeType,
        notification::{Notification, NotificationError, generate_test_notification},
    },
    wire::{
        Fields,
        xml::{self, XmlError},
    },
};

fn key() -> Secret {
    Secret::new("192006250b4c09247ec02edce69f6a2d")
}

fn paid() -> Fields {
    [
        ("appid", "wxd930ea5d5a258f4f"),
        ("bank_type", "OTHERS"),
        ("cash_fee", "1890"),
        ("coupon_count", "1"),
        ("coupon_fee", "100"),
        ("coupon_fee_0", "100"),
        ("coupon_id_0", "10000"),
        ("field_of_tomorrow", "中"),
        ("is_subscribe", "N"),
        ("mch_id", "10000100"),
        ("nonce_str", "5K8264ILTKCH16CQ"),
        ("openid", "oUpF8uMuAJO"),
        ("out_trade_no", "20260101000001"),
        ("result_code", "SUCCESS"),
        ("return_code", "SUCCESS"),
        ("time_end", "20260101120000"),
        ("total_fee", "1990"),
        ("trade_type", "JSAPI"),
        ("transaction_id", "4200000000202601010000000001"),
    ]
    .into_iter()
    .collect()
}

fn read(fields: Fields) -> Result<wechat::pay::v2::notification::PaymentNotification, NotificationError> {
    let body = generate_test_notification(fields, &key(), SignType::Md5);
    Notification::parse(body.as_bytes())?.verify(&key(), SignType::Md5)
}

#[test]
fn a_verified_notification_contains_the_payment() {
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let body = generate_test_notification(paid(), &key(), sign_type);
        let notification = Notification::parse(body.as_bytes()).unwrap().verify(&key(), sign_type).unwrap();
        assert_eq!(notification.appid, "wxd930ea5d5a258f4f");
        assert_eq!(notification.mch_id, "10000100");
        assert_eq!(notification.out_trade_no, "20260101000001");
        let payment = &notification.payment;
        assert_eq!(payment.transaction_id, "4200000000202601010000000001");
        assert_eq!((payment.total_fee, payment.cash_fee, payment.currency()), (1990, Some(1890), "CNY"));
        assert_eq!(
            (payment.openid.as_deref(), &payment.trade_type),
            (Some("oUpF8uMuAJO"), &Some(TradeType::Jsapi))
        );
        assert_eq!(payment.paid_at(), Some(1_767_240_000));
        assert_eq!(notification.fields().get("field_of_tomorrow"), Some("中"));
    }
}

#[test]
fn trap_05_a_notification_without_sign_or_return_code_is_forged() {
    let without = |name: &str| {
        let mut fields = paid().with("sign", "9A0A8659F005D6984697E2CA0A9CF3B7");
        fields.remove(name);
        Notification::parse(xml::write(&fields).as_bytes()).unwrap_err()
    };
    assert_eq!(without("sign"), NotificationError::Incomplete("sign"));
    assert_eq!(without("return_code"), NotificationError::Incomplete("return_code"));
    assert_eq!(without("out_trade_no"), NotificationError::Incomplete("out_trade_no"));
    let empty = xml::write(&paid().with("sign", ""));
    assert_eq!(Notification::parse(empty.as_bytes()).unwrap_err(), NotificationError::Incomplete("sign"));
    for error in ["sign", "return_code"].map(without) {
        assert!(!error.is_verified());
    }
}

#[test]
fn a_return_code_of_fail_is_not_about_an_order() {
    let error = read(paid().with("return_code", "FAIL")).unwrap_err();
    assert_eq!(error, NotificationError::ReturnCode);
    assert!(!error.is_verified());
}

#[test]
fn trap_06_the_sign_type_of_the_order_verifies() {
    // the signature has the order's type; sign_type is missing or names another type
    for claim in [None, Some("MD5"), Some("HMAC-SHA256")] {
        let fields = claim.map_or_else(paid, |claim| paid().with("sign_type", claim));
        let body = generate_test_notification(fields, &key(), SignType::HmacSha256);
        let parse = || Notification::parse(body.as_bytes()).unwrap();
        assert_eq!(parse().claimed_sign_type(), claim);
        assert!(parse().verify(&key(), SignType::HmacSha256).is_ok());
        assert_eq!(parse().verify(&key(), SignType::Md5).unwrap_err(), NotificationError::Signature);
    }
}

#[test]
fn another_key_does_not_verify() {
    let body = generate_test_notification(paid(), &key(), SignType::Md5);
    let unverified = Notification::parse(body.as_bytes()).unwrap();
    let error = unverified.verify(&Secret::new("x"), SignType::Md5).unwrap_err();
    assert_eq!(error, NotificationError::Signature);
    assert!(!error.is_verified());
}

#[test]
fn trap_04_the_message_is_verified_as_it_was_sent() {
    // white space and empty fields, which our own writer does not produce
    let body = generate_test_notification(paid().with("attach", " a  b\r\n\t"), &key(), SignType::Md5);
    let spread = body.replace("</", "<!-- -->\n</").replace("\n</", "</").replace("<openid>", "\n  <openid>");
    let notification = Notification::parse(spread.as_bytes()).unwrap().verify(&key(), SignType::Md5).unwrap();
    assert_eq!(notification.fields().get("attach"), Some(" a  b\r\n\t"));
}

#[test]
fn trap_14_an_amount_has_only_digits() {
    for amount in ["", "19.90", "-1", "+1", "1e3", " 1", "1 ", "0x1", "１", "9223372036854775808"] {
        let error = read(paid().with("total_fee", amount)).unwrap_err();
        assert_eq!(error, NotificationError::Field(InvalidField("total_fee")), "{amount}");
        assert!(error.is_verified());
    }
    assert_eq!(read(paid().with("total_fee", "0")).unwrap().payment.total_fee, 0);
}

#[test]
fn a_payment_needs_its_required_fields() {
    for name in ["appid", "mch_id", "transaction_id", "total_fee", "result_code"] {
        let mut fields = paid();
        fields.remove(name);
        assert_eq!(read(fields).unwrap_err(), NotificationError::Field(InvalidField(name)));
    }
}

#[test]
fn a_payment_is_read_without_its_optional_fields() {
    for name in ["openid", "trade_type", "bank_type", "cash_fee", "time_end"] {
        let mut fields = paid();
        fields.remove(name);
        let notification = read(fields).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(notification.payment.missing_fields(), [name]);
    }
    let strange = paid().with("cash_fee", "free").with("settlement_total_fee", "-1").with("time_end", "noon");
    let payment = read(strange).unwrap().payment;
    assert_eq!((payment.cash_fee, payment.settlement_total_fee, payment.paid_at()), (None, None, None));
    assert_eq!(read(paid()).unwrap().payment.missing_fields(), [""; 0]);
}

#[test]
fn a_failed_payment_is_refused() {
    let error = read(paid().with("result_code", "FAIL").with("err_code", "NOTENOUGH")).unwrap_err();
    assert_eq!(error, NotificationError::ResultCode("NOTENOUGH".into()));
    assert!(error.is_verified());
}

#[test]
fn trap_11_a_refusal_is_printed_in_one_short_line() {
    let code = format!("SYSTEM\nERROR{}", "!".repeat(60_000));
    let refused = paid().with("result_code", "FAIL").with("err_code", code);
    let Err(NotificationError::ResultCode(quoted)) = read(refused) else { panic!("a refusal") };
    assert_eq!((quoted.len(), quoted.starts_with("SYSTEMERROR!")), (64, true));
}

#[test]
fn trap_11_a_document_type_is_refused() {
    let body = format!("<!DOCTYPE xml>{}", generate_test_notification(paid(), &key(), SignType::Md5));
    let error = Notification::parse(body.as_bytes()).unwrap_err();
    assert!(matches!(error, NotificationError::Xml(XmlError::Forbidden(_))));
}

#[test]
fn before_verification_only_the_order_number_is_readable() {
    let body = generate_test_notification(paid(), &key(), SignType::Md5);
    let unverified = Notification::parse(body.as_bytes()).unwrap();
    assert_eq!(unverified.claimed_appid(), Some("wxd930ea5d5a258f4f"));
    assert_eq!(unverified.claimed_mch_id(), Some("10000100"));
    assert!(!format!("{unverified:?}").contains("oUpF8uMuAJO"));
}

proptest! {
    #[test]
    fn a_flipped_bit_is_refused_or_changes_nothing(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut body = generate_test_notification(paid(), &key(), SignType::HmacSha256).into_bytes();
        let honest = Notification::parse(&body).unwrap().verify(&key(), SignType::HmacSha256).unwrap();
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        if let Ok(unverified) = Notification::parse(&body)
            && let Ok(read) = unverified.verify(&key(), SignType::HmacSha256)
        {
            prop_assert_eq!(read, honest);
        }
    }

    #[test]
    fn no_bytes_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Notification::parse(&bytes);
    }
}
