//! Tests of the calls of Pay V3.

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{
    body::Body,
    http::Response as HttpResponse,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::{
    Endpoints, ErrorKind, Secret,
    bill::{AccountType, BillDate, BillType},
    pay::v3::{
        AbnormalRefund, ApiV3Key, Client, ClockAndNonce, CodePayOutcome, CodePayRequest,
        CombinePrepayRequest, Credential, KeyRing, Merchant, PaymentId, Polling, PrepayRequest,
        RefundRequest, RefundRequestAmount, RefundStatus, RequestBody, Store, SubOrder, Trade, TradeState,
        notification::generate_test_signature,
    },
    wire::{
        aead,
        certificate::Certificate,
        rsa::{PrivateKey, PublicKey},
        v3::request_message,
    },
};

use crate::fake_wechat::{
    FakeWechat, RecordedRequest, closed_address, endpoints, http, http_with_a_short_timeout, silent, status,
    text,
};

const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000000";
const NOW: i64 = 1_767_240_000;
const NO: &str = "20260101000001";
const API_V3_KEY: &str = "5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6";

/// A stopped clock, and counted nonces.
#[derive(Default)]
struct FixedClock(AtomicUsize);

impl ClockAndNonce for FixedClock {
    fn now(&self) -> i64 {
        NOW
    }

    fn nonce_str(&self) -> String {
        format!("nonce{}", self.0.fetch_add(1, SeqCst))
    }
}

#[track_caller]
pub(crate) fn merchant() -> Merchant {
    let pem = include_str!("../keys/merchant_pkcs8.pem");
    let credential =
        Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem).unwrap();
    Merchant::new("wxd678efh567hg6787", credential, ApiV3Key::parse(API_V3_KEY).unwrap())
}

#[track_caller]
fn platform_key() -> PrivateKey {
    PrivateKey::from_pem(include_str!("../keys/platform_key.pem")).unwrap()
}

#[track_caller]
fn with_certificate() -> KeyRing {
    let keys = KeyRing::new();
    keys.replace_certificates(vec![
        Certificate::from_pem(include_str!("../keys/platform_cert.pem")).unwrap(),
    ]);
    keys
}

#[track_caller]
fn with_public_key() -> KeyRing {
    let keys = KeyRing::new();
    let key = PublicKey::from_pem(include_str!("../keys/wechatpay_public.pem")).unwrap();
    keys.add_public_key(PUBLIC_KEY_ID, key);
    keys
}

fn client_of(endpoints: Endpoints, keys: KeyRing) -> Client {
    Client::with_clock_and_nonce(http(), endpoints, merchant(), keys, FixedClock::default())
}

pub(crate) fn client(url: &str) -> Client {
    client_of(endpoints(url), with_certificate())
}

/// A signed response.
#[track_caller]
fn signed_by(serial: &str, key: &PrivateKey, code: u16, body: &str, timestamp: i64) -> Response {
    let headers = generate_test_signature(body.as_bytes(), serial, key, timestamp, "reply-nonce");
    HttpResponse::builder()
        .status(code)
        .header("Wechatpay-Timestamp", headers.timestamp)
        .header("Wechatpay-Nonce", headers.nonce)
        .header("Wechatpay-Serial", headers.serial)
        .header("Wechatpay-Signature", headers.signature)
        .header("Wechatpay-Signature-Type", headers.signature_type.unwrap())
        .header("Request-ID", "08F78BB5AF0610D302-268435461")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

pub(crate) fn signed(code: u16, body: &str) -> Response {
    signed_by(SERIAL, &platform_key(), code, body, NOW)
}

pub(crate) fn refused(code: u16, word: &str) -> Response {
    signed(
        code,
        &json!({"code": word, "message": "in words", "detail": {"field": "/amount/total", "issue": "less than 1"}}).to_string(),
    )
}

/// A server that always gives this signed response.
pub(crate) async fn replies(code: u16, body: Value) -> FakeWechat {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    FakeWechat::start(move |_, _| {
        let body = body.clone();
        async move { signed(code, &body) }
    })
    .await
}

fn paid() -> Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": "1900009191", "out_trade_no": NO,
        "transaction_id": "4200000000202601010000000001", "trade_state": "SUCCESS", "trade_type": "JSAPI",
        "bank_type": "OTHERS", "success_time": "2026-01-01T12:00:00+08:00", "payer": {"openid": "oUpF8uMuAJO"},
        "amount": {"total": 1990, "payer_total": 1990, "currency": "CNY"},
    })
}

fn refund() -> Value {
    json!({
        "refund_id": "50", "out_refund_no": "R1", "transaction_id": "42", "out_trade_no": NO, "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱", "create_time": "2026-01-01T12:00:00+08:00", "status": "PROCESSING",
        "amount": {"total": 1990, "refund": 990, "payer_total": 1990, "payer_refund": 990, "currency": "CNY"},
    })
}

fn order() -> RequestBody<PrepayRequest> {
    let trade = Trade::Jsapi { openid: "oUpF8uMuAJO".into() };
    PrepayRequest::new("茶", NO, 1990, "https://shop.example.com/notify", trade).request(&merchant())
}

/// Verifies the signature of the request and returns its nonce.
#[track_caller]
fn signed_nonce(recorded: &RecordedRequest) -> String {
    let header = recorded.header("authorization");
    let pair = |name: &str| -> String {
        let (_, rest) = header.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (nonce, timestamp) = (pair("nonce_str"), pair("timestamp").parse().unwrap());
    let message = request_message(&recorded.method, &recorded.url(), timestamp, &nonce, &recorded.body);
    let merchant = PublicKey::from_pem(include_str!("../keys/merchant_public.pem")).unwrap();
    assert!(merchant.verify(&message, &pair("signature")), "{header}");
    assert_eq!(recorded.header("accept"), "application/json");
    assert!(!recorded.header("user-agent").is_empty());
    nonce
}

#[tokio::test]
async fn trap_17_an_order_is_sent_unchanged_and_returns_a_prepay_id() {
    let wechat = replies(200, json!({"prepay_id": "wx2014"})).await;
    assert_eq!(client(&wechat.url).jsapi(&order()).await.unwrap(), "wx2014");
    let recorded = &wechat.requests()[0];
    assert_eq!((&*recorded.method, &*recorded.path), ("POST", "/v3/pay/transactions/jsapi"));
    assert_eq!(recorded.body, order().as_str().as_bytes());
    assert_eq!(recorded.header("content-type"), "application/json");
    signed_nonce(recorded);
}

#[tokio::test]
async fn each_trade_type_has_its_path_and_its_response() {
    let wechat = replies(200, json!({"prepay_id": "p", "code_url": "c", "h5_url": "h"})).await;
    let client = client(&wechat.url);
    assert_eq!(client.app(&RequestBody::from_stored("{}")).await.unwrap(), "p");
    assert_eq!(client.native(&RequestBody::from_stored("{}")).await.unwrap(), "c");
    assert_eq!(client.h5(&RequestBody::from_stored("{}")).await.unwrap(), "h");
    assert_eq!(client.combine_jsapi(&RequestBody::from_stored("{}")).await.unwrap(), "p");
    assert_eq!(client.combine_app(&RequestBody::from_stored("{}")).await.unwrap(), "p");
    assert_eq!(client.combine_native(&RequestBody::from_stored("{}")).await.unwrap(), "c");
    assert_eq!(client.combine_h5(&RequestBody::from_stored("{}")).await.unwrap(), "h");
    let paths: Vec<_> = wechat.requests().iter().map(|recorded| recorded.path.clone()).collect();
    assert_eq!(
        paths,
        [
            "/v3/pay/transactions/app",
            "/v3/pay/transactions/native",
            "/v3/pay/transactions/h5",
            "/v3/combine-transactions/jsapi",
            "/v3/combine-transactions/app",
            "/v3/combine-transactions/native",
            "/v3/combine-transactions/h5",
        ]
    );
    let wechat = replies(200, json!({"prepay_id": ""})).await;
    let error = self::client(&wechat.url).jsapi(&RequestBody::from_stored("{}")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn a_query_by_either_number_returns_a_payment() {
    let wechat = replies(200, paid()).await;
    let client = client(&wechat.url);
    let transaction = client.query_by_out_trade_no(NO).await.unwrap();
    assert_eq!(transaction.payment.as_ref().unwrap().total, 1990);
    assert_eq!(client.query_by_transaction_id("4200000000202601010000000001").await.unwrap(), transaction);
    let recorded = wechat.requests();
    assert_eq!(recorded[0].url(), format!("/v3/pay/transactions/out-trade-no/{NO}?mchid=1900009191"));
    assert_eq!(recorded[1].url(), "/v3/pay/transactions/id/4200000000202601010000000001?mchid=1900009191");
    assert_eq!((&*recorded[0].method, recorded[0].body.len()), ("GET", 0));
    signed_nonce(&recorded[0]);
}

#[tokio::test]
async fn a_query_of_an_unpaid_order_needs_no_payer_fields() {
    for (word, state) in [("NOTPAY", TradeState::NotPay), ("CLOSED", TradeState::Closed)] {
        let body = json!({"appid": "wxd678efh567hg6787", "mchid": "1900009191", "out_trade_no": NO,
            "trade_state": word, "trade_state_desc": "订单未支付", "amount": {"total": 1990}});
        let wechat = replies(200, body).await;
        let transaction = client(&wechat.url).query_by_out_trade_no(NO).await.unwrap();
        assert_eq!((transaction.trade_state, transaction.payment), (state, None));
    }
}

#[tokio::test]
async fn a_number_with_special_characters_is_signed_as_it_is_sent() {
    let number = "a|b*c-d_茶";
    let mut body = paid();
    body["out_trade_no"] = number.into();
    let wechat = replies(200, body).await;
    client(&wechat.url).query_by_out_trade_no(number).await.unwrap();
    assert_eq!(wechat.requests()[0].path, "/v3/pay/transactions/out-trade-no/a%7Cb%2Ac-d_%E8%8C%B6");
    signed_nonce(&wechat.requests()[0]);
}

#[tokio::test]
async fn trap_15_a_response_about_another_account_is_refused() {
    for (name, other) in [("appid", "wx0"), ("mchid", "1"), ("out_trade_no", "20260101000002")] {
        let mut body = paid();
        body[name] = other.into();
        let wechat = replies(200, body).await;
        let error = client(&wechat.url).query_by_out_trade_no(NO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification, "{name}");
    }
    let wechat = replies(200, paid()).await;
    let error = client(&wechat.url).query_by_transaction_id("43").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    let wechat = replies(200, refund()).await;
    let error = client(&wechat.url).query_refund("R2").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
}

#[tokio::test]
async fn trap_18_closing_reports_an_order_that_was_paid_first() {
    let wechat = replies(204, Value::Null).await;
    client(&wechat.url).close(NO).await.unwrap();
    let recorded = &wechat.requests()[0];
    assert_eq!(recorded.path, format!("/v3/pay/transactions/out-trade-no/{NO}/close"));
    assert_eq!(&*recorded.body, br#"{"mchid":"1900009191"}"#);

    for word in ["ORDER_PAID", "ORDERPAID"] {
        let wechat = FakeWechat::start(move |_, _| async move { refused(400, word) }).await;
        let error = client(&wechat.url).close(NO).await.unwrap_err();
        assert!(error.is_order_paid() && !error.is_retryable());
        assert_eq!((error.kind(), error.field()), (ErrorKind::Service, Some("/amount/total")));
        assert_eq!(error.issue(), Some("less than 1"));
        assert!(error.to_string().ends_with("in words (/amount/total: less than 1)"), "{error}");
        assert_eq!(error.request_id(), Some("08F78BB5AF0610D302-268435461"));
        assert_eq!(wechat.requests().len(), 1);
    }
}

#[tokio::test]
async fn trap_19_a_retried_close_reports_a_payment_in_between() {
    // the first response is lost, and then the user pays
    let wechat = FakeWechat::start(|number, recorded| async move {
        match (number, recorded.method.as_str()) {
            (0, _) => status(502),
            (_, "POST") => refused(400, "ORDER_PAID"),
            _ => signed(200, &paid().to_string()),
        }
    })
    .await;
    let client_ = client(&wechat.url);
    let error = client_.close(NO).await.unwrap_err();
    assert!(error.is_order_paid() && !error.is_order_closed());
    assert!(client_.query_by_out_trade_no(NO).await.unwrap().payment.is_some());
    assert_eq!(wechat.requests().len(), 3);
    // an unsigned response must not mark the order as paid
    let wechat = FakeWechat::start(|_, _| async {
        (axum::http::StatusCode::BAD_REQUEST, r#"{"code":"ORDER_PAID"}"#).into_response()
    })
    .await;
    let error = client(&wechat.url).close(NO).await.unwrap_err();
    assert!(!error.is_order_paid() && error.code() == Some("ORDER_PAID"));
}

#[tokio::test]
async fn trap_16_a_refund_is_retried_with_the_same_bytes() {
    let wechat = FakeWechat::start(|number, _| async move {
        if number == 0 { refused(500, "SYSTEM_ERROR") } else { signed(200, &refund().to_string()) }
    })
    .await;
    let amount = RefundRequestAmount { total: 1990, refund: 990 };
    let request = RefundRequest::new(PaymentId::OutTradeNo(NO.into()), "R1", amount).request();
    let refund = client(&wechat.url).refund(&request).await.unwrap();
    assert_eq!((refund.status, refund.amount.refund), (RefundStatus::Processing, 990));
    let recorded = wechat.requests();
    assert_eq!(recorded.len(), 2);
    assert_eq!(
        (&recorded[0].body, &recorded[1].body),
        (&request.into_string().into_bytes().into(), &recorded[0].body)
    );
    assert_ne!(signed_nonce(&recorded[0]), signed_nonce(&recorded[1]), "each attempt has a new signature");
}

#[tokio::test]
async fn a_refund_is_queried_by_its_number() {
    let wechat = replies(200, refund()).await;
    assert_eq!(client(&wechat.url).query_refund("R1").await.unwrap().refund_id, "50");
    assert_eq!(wechat.requests()[0].path, "/v3/refund/domestic/refunds/R1");
    let wechat = FakeWechat::start(|_, _| async { refused(404, "RESOURCE_NOT_EXISTS") }).await;
    assert!(client(&wechat.url).query_refund("R1").await.unwrap_err().is_refund_not_exist());
}

#[tokio::test]
async fn an_abnormal_refund_is_redirected_to_an_encrypted_account() {
    let card = AbnormalRefund::UserBankCard {
        bank_type: "ICBC_DEBIT".into(),
        bank_account: Secret::new("6222020000000000000"),
        real_name: Secret::new("张三"),
    };
    assert!(!format!("{card:?}").contains("6222"));
    let keys = [
        (SERIAL, with_certificate(), platform_key()),
        (
            PUBLIC_KEY_ID,
            with_public_key(),
            PrivateKey::from_pem(include_str!("../keys/wechatpay_key.pem")).unwrap(),
        ),
    ];
    for (serial, keys, wechats) in keys {
        let signing = wechats.clone();
        let wechat = FakeWechat::start(move |number, recorded| {
            let key = signing.clone();
            async move {
                assert_eq!(recorded.header("wechatpay-serial"), serial);
                if number == 0 {
                    return signed_by(serial, &key, 500, r#"{"code":"SYSTEM_ERROR"}"#, NOW);
                }
                signed_by(serial, &key, 200, &refund().to_string(), NOW)
            }
        })
        .await;
        let client = client_of(endpoints(&wechat.url), keys);
        let parsed = client.apply_abnormal_refund("50/1", "R1", &card).await.unwrap();
        assert_eq!(parsed.status, RefundStatus::Processing);
        let recorded = wechat.requests();
        assert_eq!(
            (recorded.len(), &recorded[0].body),
            (2, &recorded[1].body),
            "the retry has the same bytes"
        );
        signed_nonce(&recorded[1]);
        assert_eq!(recorded[1].path, "/v3/refund/domestic/refunds/50%2F1/apply-abnormal-refund");
        let sent: Value = serde_json::from_slice(&recorded[1].body).unwrap();
        let decrypted = |name: &str| wechats.decrypt(sent[name].as_str().unwrap()).unwrap().to_vec();
        assert_eq!(decrypted("bank_account"), b"6222020000000000000");
        assert_eq!(decrypted("real_name"), "张三".as_bytes());
        assert_eq!((&sent["type"], &sent["bank_type"]), (&json!("USER_BANK_CARD"), &json!("ICBC_DEBIT")));
    }
    // a response about another refund, and a client without an encryption key
    let wechat = replies(200, refund()).await;
    let to = AbnormalRefund::MerchantBankCard;
    let error = client(&wechat.url).apply_abnormal_refund("50", "R2", &to).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    let sent: Value = serde_json::from_slice(&wechat.requests()[0].body).unwrap();
    assert_eq!(sent, json!({"out_refund_no": "R2", "type": "MERCHANT_BANK_CARD"}));
    let error = client_of(endpoints(&wechat.url), KeyRing::new())
        .apply_abnormal_refund("50", "R1", &card)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), wechat.requests().len()), (ErrorKind::Configuration, 1));
}

const NO_WAIT: Polling = Polling { interval: Duration::from_millis(1), queries: 3 };

fn code_payment() -> RequestBody<CodePayRequest> {
    CodePayRequest::new("茶", NO, 1990, "130061098828009406", Store::Id("7".into())).request(&merchant())
}

#[tokio::test]
async fn a_payment_by_code_is_sent_once_and_then_queried() {
    let wechat = replies(200, paid()).await;
    let CodePayOutcome::Paid(parsed) = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap()
    else {
        panic!("paid")
    };
    assert_eq!(parsed.payment.map(|payment| payment.total), Some(1990));
    assert_eq!(wechat.requests()[0].url(), "/v3/pay/transactions/codepay");
    signed_nonce(&wechat.requests()[0]);
    let sent: Value = serde_json::from_slice(&wechat.requests()[0].body).unwrap();
    assert_eq!(
        sent,
        json!({"appid": "wxd678efh567hg6787", "mchid": "1900009191", "description": "茶", "out_trade_no": NO,
            "payer": {"auth_code": "130061098828009406"}, "amount": {"total": 1990, "currency": "CNY"},
            "scene_info": {"store_info": {"id": "7"}}})
    );

    // in turn: the user enters the password, the response is lost, WeChat is busy
    for (code, word) in [(202, "USERPAYING"), (500, "SYSTEM_ERROR"), (502, "BANKERROR")] {
        let wechat = FakeWechat::start(move |number, recorded| async move {
            match (number, recorded.method.as_str()) {
                (0, "POST") => refused(code, word),
                (1, "GET") => {
                    let state = json!({"trade_state": "USERPAYING", "out_trade_no": NO, "mchid": "1900009191",
                        "appid": "wxd678efh567hg6787"});
                    signed(200, &state.to_string())
                }
                (_, method) => {
                    assert_eq!(method, "GET", "a code is valid for one payment");
                    signed(200, &paid().to_string())
                }
            }
        })
        .await;
        let ended = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap();
        assert!(matches!(ended, CodePayOutcome::Paid(_)), "{word}");
        assert_eq!(wechat.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_payment_by_code_is_refused_or_stays_open() {
    let wechat = FakeWechat::start(|_, _| async { refused(403, "AUTHCODEEXPIRE") }).await;
    let error = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap_err();
    assert_eq!((error.code(), wechat.requests().len()), (Some("AUTHCODEEXPIRE"), 1));

    let state = |state: &str| json!({"trade_state": state, "out_trade_no": NO, "mchid": "1900009191", "appid": "wxd678efh567hg6787"});
    let wechat = replies(200, state("PAYERROR")).await;
    let ended = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap();
    assert_eq!(ended, CodePayOutcome::Ended(TradeState::PayError));
    let wechat = replies(200, state("USERPAYING")).await;
    let ended = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap();
    assert_eq!((ended, wechat.requests().len()), (CodePayOutcome::Pending, 4));
    // a signed response about another merchant does not show the state of this order
    let mut other = paid();
    other["mchid"] = json!("1900009192");
    let wechat = replies(200, other).await;
    let ended = client(&wechat.url).codepay(&code_payment(), NO_WAIT).await.unwrap();
    assert_eq!(ended, CodePayOutcome::Pending);
}

#[tokio::test]
async fn a_payment_by_code_is_reversed() {
    let body = json!({"appid": "wxd678efh567hg6787", "mchid": "1900009191", "out_trade_no": NO});
    let wechat = replies(200, body.clone()).await;
    client(&wechat.url).reverse(NO).await.unwrap();
    let recorded = &wechat.requests()[0];
    signed_nonce(recorded);
    assert_eq!(recorded.url(), format!("/v3/pay/transactions/out-trade-no/{NO}/reverse"));
    assert_eq!(
        serde_json::from_slice::<Value>(&recorded.body).unwrap(),
        json!({"appid": "wxd678efh567hg6787", "mchid": "1900009191"})
    );
    let error = client(&wechat.url).reverse("20260101000002").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
}

#[tokio::test]
async fn combined_orders_are_queried_and_closed() {
    let body = json!({"combine_appid": "wxd678efh567hg6787", "combine_mchid": "1900009191", "combine_out_trade_no": "C1",
        "sub_orders": [{"mchid": "1900009191", "out_trade_no": "S1", "trade_state": "NOTPAY"}]});
    let wechat = replies(200, body).await;
    let orders = client(&wechat.url).combine_query("C1").await.unwrap();
    assert_eq!((orders.sub_orders.len(), &orders.sub_orders[0].payment), (1, &None));
    assert_eq!(wechat.requests()[0].path, "/v3/combine-transactions/out-trade-no/C1");

    let wechat = replies(204, Value::Null).await;
    client(&wechat.url).combine_close("C1", &[("1900009191", "S1")]).await.unwrap();
    assert_eq!(wechat.requests()[0].path, "/v3/combine-transactions/out-trade-no/C1/close");
    let sent: Value = serde_json::from_slice(&wechat.requests()[0].body).unwrap();
    assert_eq!(
        sent,
        json!({"combine_appid": "wxd678efh567hg6787",
            "sub_orders": [{"mchid": "1900009191", "out_trade_no": "S1"}]})
    );
    let orders = vec![SubOrder::new("1900009191", "S1", 10, "茶", "a")];
    let request = CombinePrepayRequest::new("C1", orders, "https://h/n", Trade::App).request(&merchant());
    assert!(!request.as_str().contains("payer"));
}

#[tokio::test]
async fn trap_05_a_success_with_a_wrong_signature_is_refused() {
    let body = paid().to_string();
    let tampered = {
        let (mut parts, _) = signed(200, &body).into_parts();
        parts.headers.remove("content-length");
        let forged = Body::from(body.replace("1990", "1"));
        Response::from_parts(parts, forged)
    };
    let without = |name: &str| {
        let mut response = signed(200, &body);
        response.headers_mut().remove(name);
        response
    };
    let merchants = merchant().credential().private_key().clone();
    for response in [
        text(body.clone()),
        tampered,
        without("Wechatpay-Timestamp"),
        without("Wechatpay-Nonce"),
        without("Wechatpay-Serial"),
        without("Wechatpay-Signature"),
        signed_by(SERIAL, &merchants, 200, &body, NOW),
        signed_by(SERIAL, &platform_key(), 200, &body, NOW - 301),
        signed_by(SERIAL, &platform_key(), 200, &body, NOW + 301),
    ] {
        let response = Arc::new(Mutex::new(Some(response)));
        let wechat = FakeWechat::start(move |_, _| {
            let response = response.lock().unwrap().take();
            async move { response.unwrap() }
        })
        .await;
        let error = client(&wechat.url).query_by_out_trade_no(NO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification, "{error}");
        assert!(!error.is_retryable());
        assert_eq!(wechat.requests().len(), 1);
    }
}

#[tokio::test]
async fn trap_10_a_signature_probe_is_a_verification_error() {
    for signature in ["WECHATPAY/SIGNTEST/YzZkNmQ5", "WECHATPAY/SIGNTEST/!"] {
        let wechat = FakeWechat::start(move |_, _| async move {
            let mut response = signed(200, &paid().to_string());
            let headers = response.headers_mut();
            headers.remove("wechatpay-signature");
            headers.append("wechatpay-signature", signature.parse().unwrap());
            response
        })
        .await;
        let error = client(&wechat.url).query_by_out_trade_no(NO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification);
        assert!(error.to_string().contains("probe"), "{error}");
    }
}

#[tokio::test]
async fn an_unsigned_refusal_is_only_a_message() {
    let wechat = FakeWechat::start(|_, _| async {
        (axum::http::StatusCode::BAD_REQUEST, r#"{"code":"ORDER_PAID","message":"x"}"#).into_response()
    })
    .await;
    let error = client(&wechat.url).close(NO).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Service, Some("ORDER_PAID")));
    assert!(!error.is_order_paid(), "the refusal is not signed");

    // a refusal with a wrong signature is a verification error
    let wechat = FakeWechat::start(|_, _| async {
        let stranger = merchant().credential().private_key().clone();
        signed_by(SERIAL, &stranger, 400, r#"{"code":"ORDER_PAID","message":"x"}"#, NOW)
    })
    .await;
    assert_eq!(client(&wechat.url).close(NO).await.unwrap_err().kind(), ErrorKind::Verification);
}

#[tokio::test]
async fn trap_01_without_certificates_the_public_key_verifies() {
    let not_found = || async {
        (axum::http::StatusCode::NOT_FOUND, r#"{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}"#)
            .into_response()
    };
    let wechat = FakeWechat::start(move |_, recorded| async move {
        if recorded.path == "/v3/certificates" {
            return not_found().await;
        }
        let key = PrivateKey::from_pem(include_str!("../keys/wechatpay_key.pem")).unwrap();
        signed_by(PUBLIC_KEY_ID, &key, 200, &paid().to_string(), NOW)
    })
    .await;
    let client = client_of(endpoints(&wechat.url), with_public_key());
    assert_eq!(client.update_certificates().await.unwrap(), 0);
    assert!(client.query_by_out_trade_no(NO).await.unwrap().payment.is_some());
    assert_eq!(wechat.requests()[1].header("wechatpay-serial"), PUBLIC_KEY_ID);

    let without = client_of(endpoints(&wechat.url), KeyRing::new());
    let error = without.update_certificates().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("public key"), "{error}");
}

/// The response of `v3/certificates`: the encrypted platform certificate.
#[track_caller]
fn certificates(serial: &str, key: &str) -> String {
    let encrypted = aead::encrypt(
        key.as_bytes().try_into().unwrap(),
        b"fdasflkja484",
        "certificate",
        include_bytes!("../keys/platform_cert.pem"),
    );
    json!({"data": [{"serial_no": serial, "effective_time": "2020-01-01T08:00:00+08:00",
        "expire_time": "2120-01-01T08:00:00+08:00", "encrypt_certificate": {"algorithm": "AEAD_AES_256_GCM",
        "nonce": "fdasflkja484", "associated_data": "certificate", "ciphertext": encrypted}}]})
    .to_string()
}

#[tokio::test]
async fn the_first_certificates_are_verified_by_decryption_with_the_api_v3_key() {
    let wechat = FakeWechat::start(|_, _| async { signed(200, &certificates(SERIAL, API_V3_KEY)) }).await;
    let client = client_of(endpoints(&wechat.url), KeyRing::new());
    assert_eq!(client.update_certificates().await.unwrap(), 1);
    assert!(client.keys().contains(SERIAL));
    signed_nonce(&wechat.requests()[0]);

    let wechat = FakeWechat::start(|_, _| async {
        signed(200, &certificates(SERIAL, "0123456789abcdef0123456789abcdef"))
    })
    .await;
    let client = client_of(endpoints(&wechat.url), with_certificate());
    assert_eq!(client.update_certificates().await.unwrap_err().kind(), ErrorKind::Decryption);
    assert!(client.keys().contains(SERIAL), "the old certificate stays in the key ring");

    let stranger = merchant().credential().private_key().clone();
    let wechat = FakeWechat::start(move |_, _| {
        let stranger = stranger.clone();
        async move { signed_by(SERIAL, &stranger, 200, &certificates(SERIAL, API_V3_KEY), NOW) }
    })
    .await;
    let client = client_of(endpoints(&wechat.url), KeyRing::new());
    assert_eq!(client.update_certificates().await.unwrap_err().kind(), ErrorKind::Verification);
    assert!(client.keys().is_empty());

    let wechat = FakeWechat::start(|_, _| async { signed(200, &certificates("77", API_V3_KEY)) }).await;
    let client = client_of(endpoints(&wechat.url), KeyRing::new());
    assert_eq!(client.update_certificates().await.unwrap_err().kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn an_unknown_serial_causes_one_certificate_download() {
    let wechat = FakeWechat::start(|_, recorded| async move {
        if recorded.path == "/v3/certificates" {
            signed(200, &certificates(SERIAL, API_V3_KEY))
        } else {
            signed(200, &paid().to_string())
        }
    })
    .await;
    let client = client_of(endpoints(&wechat.url), KeyRing::new());
    let (one, other) = tokio::join!(client.query_by_out_trade_no(NO), client.query_by_out_trade_no(NO));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(wechat.count("/v3/certificates"), 1);

    let wechat = FakeWechat::start(|_, recorded| async move {
        if recorded.path == "/v3/certificates" {
            signed(200, &certificates(SERIAL, API_V3_KEY))
        } else {
            signed_by("7777", &platform_key(), 200, &paid().to_string(), NOW)
        }
    })
    .await;
    let client = client_of(endpoints(&wechat.url), KeyRing::new());
    for _ in 0..5 {
        let error = client.query_by_out_trade_no(NO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification);
    }
    assert_eq!(wechat.count("/v3/certificates"), 1, "not for each response");
}

#[tokio::test]
async fn the_backup_host_gets_the_same_body_with_a_new_signature() {
    let backup = replies(200, json!({"prepay_id": "wx2014"})).await;
    let endpoints_ = endpoints(&closed_address().await).with_mch_backup(Some(&backup.url)).unwrap();
    client_of(endpoints_, with_certificate()).jsapi(&order()).await.unwrap();
    assert_eq!(signed_nonce(&backup.requests()[0]), "nonce1");

    let silent = silent().await;
    let endpoints_ = endpoints(&silent.url).with_mch_backup(Some(&backup.url)).unwrap();
    let client = Client::with_clock_and_nonce(
        http_with_a_short_timeout(),
        endpoints_,
        merchant(),
        with_certificate(),
        FixedClock::default(),
    );
    client.jsapi(&order()).await.unwrap();
    let (first, second) = (&silent.requests()[0], &backup.requests()[1]);
    assert_eq!(first.body, second.body);
    assert_ne!(signed_nonce(first), signed_nonce(second));
}

#[tokio::test]
async fn an_answered_call_is_not_sent_to_the_backup_host() {
    let backup = replies(200, json!({"prepay_id": "wx2014"})).await;
    for (refusing, times) in [
        (FakeWechat::start(|_, _| async { refused(403, "OUT_TRADE_NO_USED") }).await, 1),
        (FakeWechat::start(|_, _| async { refused(429, "FREQUENCY_LIMITED") }).await, 1),
        (FakeWechat::start(|_, _| async { text("{}") }).await, 1),
        (FakeWechat::start(|_, _| async { status(502) }).await, 2),
        (FakeWechat::start(|_, _| async { refused(500, "SYSTEM_ERROR") }).await, 2),
    ] {
        let endpoints_ = endpoints(&refusing.url).with_mch_backup(Some(&backup.url)).unwrap();
        client_of(endpoints_, with_certificate()).jsapi(&order()).await.unwrap_err();
        assert_eq!(refusing.requests().len(), times);
    }
    assert!(backup.requests().is_empty());
}

#[track_caller]
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(bytes).unwrap();
    compressed.finish().unwrap()
}

/// A server with one bill. `hash` is the hash that the server declares.
async fn bills(file: Vec<u8>, hash: String) -> FakeWechat {
    FakeWechat::start(move |_, recorded| {
        let (file, hash) = (file.clone(), hash.clone());
        async move {
            if recorded.path == "/v3/billdownload/file" {
                return file.into_response();
            }
            let url = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Bb";
            let body = json!({"hash_type": "SHA1", "hash_value": hash, "download_url": url});
            signed(200, &body.to_string())
        }
    })
    .await
}

#[tokio::test]
async fn a_bill_is_downloaded_and_its_hash_is_checked() {
    let bill = "\u{feff}交易时间\r\n`2026\r\n".as_bytes();
    let hash = hex::encode(Sha1::digest(bill));
    let date = BillDate::parse("2026-01-01").unwrap();
    for file in [gzip(bill), bill.to_vec()] {
        let wechat = bills(file, hash.to_uppercase()).await;
        let client = client(&wechat.url);
        assert_eq!(client.tradebill(date, BillType::All).await.unwrap(), bill);
        assert_eq!(client.fundflowbill(date, AccountType::Basic).await.unwrap(), bill);
        let recorded = wechat.requests();
        assert_eq!(recorded[0].url(), "/v3/bill/tradebill?bill_date=2026-01-01&bill_type=ALL&tar_type=GZIP");
        assert_eq!(recorded[1].url(), "/v3/billdownload/file?token=a%2Bb");
        assert_eq!(
            recorded[2].url(),
            "/v3/bill/fundflowbill?bill_date=2026-01-01&account_type=BASIC&tar_type=GZIP"
        );
        recorded.iter().for_each(|recorded| drop(signed_nonce(recorded)));
    }
    let wechat = bills(gzip(b"another"), hash.clone()).await;
    let error = client(&wechat.url).tradebill(date, BillType::All).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    let wechat = bills(gzip(bill)[..20].to_vec(), hash).await;
    let error = client(&wechat.url).tradebill(date, BillType::All).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn a_day_without_a_bill_and_an_unfinished_bill_are_different_errors() {
    let date = BillDate::parse("2026-01-01").unwrap();
    let wechat = FakeWechat::start(|_, _| async { refused(400, "NO_STATEMENT_EXIST") }).await;
    let error = client(&wechat.url).tradebill(date, BillType::All).await.unwrap_err();
    assert!(error.is_no_bill() && !error.is_bill_creating());
    let wechat = FakeWechat::start(|_, _| async { refused(400, "STATEMENT_CREATING") }).await;
    let error = client(&wechat.url).tradebill(date, BillType::All).await.unwrap_err();
    assert!(error.is_bill_creating() && !error.is_no_bill());
}

#[tokio::test]
async fn trap_11_a_hostile_response_is_malformed() {
    for body in ["", "[]", "{", "{\"prepay_id\":1}", &"[".repeat(100_000), "\u{0}"] {
        let body = body.to_owned();
        let wechat = FakeWechat::start(move |_, _| {
            let body = body.clone();
            async move { signed(200, &body) }
        })
        .await;
        let error = client(&wechat.url).jsapi(&RequestBody::from_stored("{}")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
}

#[tokio::test]
async fn no_secret_is_printed() {
    let client = client_of(endpoints("http://127.0.0.1:9"), with_public_key());
    let printed =
        format!("{client:?} {:?}", client.jsapi(&RequestBody::from_stored("{}")).await.unwrap_err());
    assert!(!printed.contains(API_V3_KEY) && !printed.contains("signature"), "{printed}");
}

#[test]
fn the_system_clock_and_nonce_are_new_each_time() {
    let clock_and_nonce = wechat::pay::v3::SystemClockAndNonce;
    let (one, other) = (clock_and_nonce.nonce_str(), clock_and_nonce.nonce_str());
    assert_ne!(one, other);
    assert_eq!((one.len(), one.bytes().all(|byte| byte.is_ascii_alphanumeric())), (32, true));
    assert!(clock_and_nonce.now() > 1_700_000_000);
}
