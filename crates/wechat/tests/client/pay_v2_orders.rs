//! Tests of the V2 calls for orders and payments.

use axum::response::Response;
use wechat::{
    Endpoints, ErrorKind,
    pay::{
        ClockAndNonce,
        v2::{Client, Merchant, SignType, SignedRequest, Trade, TradeState, TradeType, UnifiedOrder},
    },
    wire::{Fields, sign, xml},
};

use crate::fake_wechat::{
    FakeWechat, closed_address, endpoints, http, http_with_a_short_timeout, silent, status, text,
};

const NO: &str = "20260101000001";

fn merchant() -> Merchant {
    Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d")
}

fn client(endpoints: Endpoints) -> Client {
    Client::new(http(), endpoints, merchant())
}

fn order() -> SignedRequest<UnifiedOrder> {
    let trade = Trade::Jsapi { openid: "oUpF8uMuAJO".into() };
    UnifiedOrder::new("茶", NO, 1990, "203.0.113.7", "https://shop.example.com/notify", trade).request(
        &merchant(),
        SignType::HmacSha256,
        "ibuaiVcKdpRxkhJA",
    )
}

/// The common fields of signed replies.
fn base() -> Fields {
    [
        ("return_code", "SUCCESS"),
        ("return_msg", "OK"),
        ("appid", "wxd930ea5d5a258f4f"),
        ("mch_id", "10000100"),
        ("nonce_str", "IITRi8Iabbblz1Jc"),
        ("result_code", "SUCCESS"),
    ]
    .into_iter()
    .collect()
}

fn signed(fields: &Fields) -> Response {
    let signature = sign::sign(fields, merchant().key().expose(), SignType::HmacSha256);
    text(xml::write(&fields.clone().with("sign", signature)))
}

fn prepared() -> Fields {
    base().with("trade_type", "JSAPI").with("prepay_id", "wx201411101639507cbf6ffd8b0779950874")
}

fn paid() -> Fields {
    base()
        .with("trade_state", "SUCCESS")
        .with("trade_state_desc", "支付成功")
        .with("out_trade_no", NO)
        .with("transaction_id", "4200000000202601010000000001")
        .with("openid", "oUpF8uMuAJO")
        .with("trade_type", "JSAPI")
        .with("bank_type", "OTHERS")
        .with("total_fee", "1990")
        .with("cash_fee", "1990")
        .with("time_end", "20260101120000")
}

/// A server that always gives this signed reply.
async fn replies(fields: Fields) -> FakeWechat {
    FakeWechat::start(move |_, _| {
        let fields = fields.clone();
        async move { signed(&fields) }
    })
    .await
}

#[tokio::test]
async fn trap_17_an_order_is_sent_unchanged_and_returns_a_prepay_id() {
    let wechat = replies(prepared()).await;
    let request = order();
    let reply = client(endpoints(&wechat.url)).unifiedorder(&request).await.unwrap();
    assert_eq!(reply.trade_type, TradeType::Jsapi);
    assert_eq!(reply.prepay_id, "wx201411101639507cbf6ffd8b0779950874");
    assert_eq!((reply.code_url, reply.mweb_url), (None, None));
    let recorded = &wechat.requests()[0];
    assert_eq!((wechat.requests().len(), recorded.url()), (1, "/pay/unifiedorder".into()));
    assert_eq!(recorded.body, request.as_str().as_bytes());
}

struct FixedNonce;

impl ClockAndNonce for FixedNonce {
    fn now(&self) -> i64 {
        1_767_240_000
    }

    fn nonce_str(&self) -> String {
        "n1".into()
    }
}

#[tokio::test]
async fn a_query_returns_a_payment() {
    let wechat = replies(paid()).await;
    let client = Client::with_clock_and_nonce(http(), endpoints(&wechat.url), merchant(), FixedNonce);
    let order = client.orderquery(NO, SignType::HmacSha256).await.unwrap();
    assert_eq!(order.trade_state, TradeState::Success);
    let payment = order.payment.unwrap();
    assert_eq!((payment.total_fee, &*payment.transaction_id), (1990, "4200000000202601010000000001"));
    let sent = xml::parse(&wechat.requests()[0].body).unwrap();
    assert!(sign::verify(&sent, merchant().key().expose(), SignType::HmacSha256));
    assert_eq!((sent.get("out_trade_no"), sent.get("nonce_str")), (Some(NO), Some("n1")));
}

#[tokio::test]
async fn a_query_of_an_unpaid_order_needs_no_payer_fields() {
    for (word, state) in [
        ("NOTPAY", TradeState::NotPay),
        ("CLOSED", TradeState::Closed),
        ("NEW", TradeState::Unknown("NEW".into())),
    ] {
        let wechat = replies(base().with("out_trade_no", NO).with("trade_state", word)).await;
        let order = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap();
        assert_eq!((order.trade_state, order.payment), (state, None));
    }
}

#[tokio::test]
async fn a_paid_order_without_its_amount_is_malformed() {
    let mut fields = paid();
    fields.remove("total_fee");
    let wechat = replies(fields).await;
    let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.to_string().contains("total_fee"), "{error}");
}

#[tokio::test]
async fn a_response_about_another_order_is_refused() {
    let wechat = replies(paid().with("out_trade_no", "20260101000002")).await;
    let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
}

#[tokio::test]
async fn trap_18_closing_reports_an_order_that_was_paid_first() {
    let wechat = replies(base()).await;
    client(endpoints(&wechat.url)).closeorder(NO, SignType::HmacSha256).await.unwrap();
    assert_eq!(wechat.requests()[0].path, "/pay/closeorder");

    let refused =
        base().with("result_code", "FAIL").with("err_code", "ORDERPAID").with("err_code_des", "该订单已支付");
    let wechat = replies(refused).await;
    let error = client(endpoints(&wechat.url)).closeorder(NO, SignType::HmacSha256).await.unwrap_err();
    assert!(error.is_order_paid() && !error.is_retryable());
    assert_eq!((error.kind(), error.message()), (ErrorKind::Service, Some("该订单已支付")));
    assert_eq!(wechat.requests().len(), 1);
}

#[tokio::test]
async fn trap_19_a_retried_close_reports_a_payment_in_between() {
    // the first response is lost, and then the user pays
    let wechat = FakeWechat::start(|number, recorded| async move {
        match (number, &*recorded.path) {
            (0, _) => status(502),
            (_, "/pay/closeorder") => {
                signed(&base().with("result_code", "FAIL").with("err_code", "ORDERPAID"))
            }
            _ => signed(&paid()),
        }
    })
    .await;
    let client = client(endpoints(&wechat.url));
    let error = client.closeorder(NO, SignType::HmacSha256).await.unwrap_err();
    assert!(error.is_order_paid() && !error.is_order_closed());
    assert!(client.orderquery(NO, SignType::HmacSha256).await.unwrap().payment.is_some());
    assert_eq!(wechat.requests().len(), 3);
}

#[tokio::test]
async fn an_unsigned_refusal_has_a_message_and_no_code() {
    let wechat = FakeWechat::start(|_, _| async {
        text("<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg><err_code>ORDERPAID</err_code></xml>")
    })
    .await;
    let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!((error.kind(), error.code(), error.message()), (ErrorKind::Service, None, Some("签名错误")));
    assert!(!error.is_order_paid());
}

#[tokio::test]
async fn trap_05_a_reply_with_a_wrong_signature_is_refused() {
    let wrong_sign = xml::write(&paid().with("sign", "9A0A8659F005D6984697E2CA0A9CF3B7"));
    let no_sign = xml::write(&paid());
    let other_type = {
        let signature = sign::sign(&paid(), merchant().key().expose(), SignType::Md5);
        xml::write(&paid().with("sign", signature))
    };
    let refusal = xml::write(&base().with("result_code", "FAIL").with("err_code", "ORDERPAID"));
    for reply in [wrong_sign, no_sign, other_type, refusal] {
        let wechat = FakeWechat::start(move |_, _| {
            let reply = reply.clone();
            async move { text(reply) }
        })
        .await;
        let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification, "{error}");
        assert!(!error.is_retryable() && !error.is_order_paid());
        assert_eq!(wechat.requests().len(), 1);
    }
}

#[tokio::test]
async fn trap_15_a_signed_reply_for_another_account_is_refused() {
    for fields in [paid().with("appid", "wx0"), paid().with("mch_id", "1"), {
        let mut fields = paid();
        fields.remove("mch_id");
        fields
    }] {
        let wechat = replies(fields).await;
        let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Verification);
    }
}

#[tokio::test]
async fn the_backup_host_gets_the_same_bytes_after_a_connection_error() {
    let backup = replies(prepared()).await;
    let endpoints = endpoints(&closed_address().await).with_mch_backup(Some(&backup.url)).unwrap();
    let request = order();
    client(endpoints).unifiedorder(&request).await.unwrap();
    assert_eq!(backup.requests().len(), 1);
    assert_eq!(backup.requests()[0].body, request.as_str().as_bytes());
}

#[tokio::test]
async fn the_backup_host_is_called_after_a_time_out() {
    let silent = silent().await;
    let backup = replies(paid()).await;
    let endpoints = endpoints(&silent.url).with_mch_backup(Some(&backup.url)).unwrap();
    let client = Client::new(http_with_a_short_timeout(), endpoints, merchant());
    client.orderquery(NO, SignType::HmacSha256).await.unwrap();
    assert_eq!((silent.requests().len(), backup.requests().len()), (1, 1));
    assert_eq!(silent.requests()[0].body, backup.requests()[0].body);
}

#[tokio::test]
async fn a_refused_call_is_not_sent_to_the_backup_host() {
    let refusing = replies(
        base().with("result_code", "FAIL").with("err_code", "ORDERNOTEXIST").with("err_code_des", "x"),
    )
    .await;
    let backup = replies(paid()).await;
    let endpoints = endpoints(&refusing.url).with_mch_backup(Some(&backup.url)).unwrap();
    let error = client(endpoints).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert!(error.is_order_not_exist());
    assert_eq!((refusing.requests().len(), backup.requests().len()), (1, 0));
}

#[tokio::test]
async fn the_error_reports_a_missing_response() {
    let error =
        client(endpoints(&closed_address().await)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());

    let silent = silent().await;
    let client = Client::new(http_with_a_short_timeout(), endpoints(&silent.url), merchant());
    let error = client.orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && !error.is_connect());
    assert_eq!(silent.requests().len(), 2, "a call is sent at most twice");
}

#[tokio::test]
async fn a_call_is_retried_once_with_the_same_bytes_if_wechat_is_busy() {
    let busy =
        base().with("result_code", "FAIL").with("err_code", "SYSTEMERROR").with("err_code_des", "系统错误");
    for first in [signed(&busy), status(502)] {
        let first = std::sync::Arc::new(std::sync::Mutex::new(Some(first)));
        let wechat = FakeWechat::start(move |_, _| {
            let first = first.lock().unwrap().take();
            async move { first.unwrap_or_else(|| signed(&paid())) }
        })
        .await;
        client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap();
        let recorded = wechat.requests();
        assert_eq!(recorded.len(), 2);
        assert_eq!(recorded[0], recorded[1]);
    }
    let wechat = replies(busy).await;
    let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!((error.code(), wechat.requests().len()), (Some("SYSTEMERROR"), 2));
}

#[tokio::test]
async fn trap_11_a_response_that_is_too_long_or_hostile_is_malformed() {
    for (body, times) in [
        ("x".repeat((1 << 20) + 1), 1),
        (format!("<xml><a>{}</a></xml>", "x".repeat(1 << 17)), 1),
        ("<!DOCTYPE xml><xml></xml>".into(), 1),
        ("<html>502</html>".into(), 1),
        ("<xml></xml>".into(), 1),
        (String::new(), 1),
    ] {
        let wechat = FakeWechat::start(move |_, _| {
            let body = body.clone();
            async move { text(body) }
        })
        .await;
        let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert_eq!(wechat.requests().len(), times);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = replies(paid()).await;
    let to = elsewhere.url.clone();
    let wechat = FakeWechat::start(move |_, _| {
        let to = to.clone();
        async move { axum::response::IntoResponse::into_response(axum::response::Redirect::temporary(&to)) }
    })
    .await;
    let error = client(endpoints(&wechat.url)).orderquery(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(elsewhere.requests().is_empty());
}
