use super::*;

#[test]
fn trap_23_the_error_names_the_ip_whitelist() {
    let error = Error::service(
        "cgi-bin/stable_token",
        Some("40164".into()),
        "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 5f3c1b2a-0a1b2c3d-1a2b3c4d".into(),
    );
    let text = error.to_string();
    assert!(text.contains("whitelist") && text.contains("1.2.3.4"), "{text}");
    assert_eq!(error.request_id(), Some("5f3c1b2a-0a1b2c3d-1a2b3c4d"));
}

#[test]
fn both_spellings_of_a_pay_code_are_recognized() {
    let with = |code: &str| Error::service("pay/closeorder", Some(code.into()), String::new());
    assert!(with("ORDERPAID").is_order_paid() && with("ORDER_PAID").is_order_paid());
    assert!(with("ORDERCLOSED").is_order_closed() && with("ORDER_CLOSED").is_order_closed());
    assert!(with("ORDERNOTEXIST").is_order_not_exist() && with("ORDER_NOT_EXIST").is_order_not_exist());
    assert!(with("SYSTEMERROR").is_retryable() && !with("ORDERPAID").is_retryable());
}

#[test]
fn only_a_verified_refusal_with_a_listed_code_ends_a_refund() {
    let with = |code: &str, verified| {
        Error::refusal(
            "v3/refund/domestic/refunds",
            Refusal {
                code: Some(code.to_owned()),
                message: String::new(),
                request_id: None,
                field: None,
                issue: None,
                verified,
            },
        )
    };
    for code in ["TRADE_OVERDUE", "ERROR", "USER_ACCOUNT_ABNORMAL", "INVALID_REQUEST"] {
        assert!(with(code, true).is_refund_refused() && !with(code, false).is_refund_refused(), "{code}");
    }
    for code in [
        "NOTENOUGH",
        "NOT_ENOUGH",
        "SYSTEMERROR",
        "BIZERR_NEED_RETRY",
        "INVALID_REQ_TOO_MUCH",
        "FREQUENCY_LIMITED",
        "RATELIMIT_EXCEEDED",
        "NO_AUTH",
        "SIGNERROR",
        "SIGN_ERROR",
        "CERT_ERROR",
        "PARAM_ERROR",
        "A_CODE_OF_TOMORROW",
    ] {
        assert!(!with(code, true).is_refund_refused(), "{code}");
    }
    let unsigned = Error::unsigned("secapi/pay/refund", "签名错误".into());
    assert!(!unsigned.is_verified() && !unsigned.is_refund_refused());
    assert!((300..600).all(|status| !Error::status("secapi/pay/refund", status).is_refund_refused()));
}

#[test]
fn only_a_verified_refusal_ends_a_payment_by_code() {
    let signed = |code: &str| Error::service("pay/micropay", Some(code.into()), String::new());
    assert!(signed("AUTHCODEEXPIRE").is_code_payment_refused());
    for code in ["USERPAYING", "SYSTEMERROR", "BANKERROR", "ORDERPAID", "SIGNERROR", "A_CODE_OF_TOMORROW"] {
        assert!(!signed(code).is_code_payment_refused(), "{code}");
    }
    assert!(!Error::unsigned("pay/micropay", "系统繁忙".into()).is_code_payment_refused());
    assert!(!Error::status("pay/micropay", 403).is_code_payment_refused());
}

#[test]
fn an_unsigned_refusal_has_no_code() {
    let error = Error::service("pay/orderquery", None, "ORDERPAID".into());
    assert!(!error.is_order_paid());
    assert_eq!(error.kind(), ErrorKind::Service);
}
