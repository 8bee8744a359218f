//! Tests of the other V2 calls: refunds, bills, payments with a payment code, reports.

use std::{io::Write, time::Duration};

use axum::response::{IntoResponse, Response};
use flate2::{Compression, write::GzEncoder};
use wechat::{
    ErrorKind, Http, HttpOptions,
    bill::{AccountType, BillDate, BillType},
    pay::v2::{
        Client, Merchant, MicropayOutcome, MicropayRequest, PaymentId, Polling, RefundQuery, RefundRequest,
        RefundRequestAmount, RefundStatus, Report, SignType, SignedRequest, TradeState,
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

/// A client with a certificate. The fake server does not request it.
fn client(url: &str) -> Client {
    Client::new(http(), endpoints(url), merchant()).with_certificate(http())
}

fn base() -> Fields {
    Fields::new()
        .with("return_code", "SUCCESS")
        .with("appid", "wxd930ea5d5a258f4f")
        .with("mch_id", "10000100")
        .with("nonce_str", "n")
        .with("result_code", "SUCCESS")
}

fn refusal(err_code: &str) -> Fields {
    base().with("result_code", "FAIL").with("err_code", err_code).with("err_code_des", "in words")
}

fn signed(fields: &Fields) -> Response {
    let signature = sign::sign(fields, merchant().key().expose(), SignType::HmacSha256);
    text(xml::write(&fields.clone().with("sign", signature)))
}

/// A server that gives these signed replies one after the other, and then repeats the last one.
async fn replies(all: Vec<Fields>) -> FakeWechat {
    FakeWechat::start(move |number, _| {
        let fields = all[number.min(all.len() - 1)].clone();
        async move { signed(&fields) }
    })
    .await
}

fn refunded() -> Fields {
    base()
        .with("transaction_id", "42")
        .with("out_trade_no", NO)
        .with("out_refund_no", "R1")
        .with("refund_id", "50")
        .with("refund_fee", "990")
        .with("total_fee", "1990")
        .with("cash_fee", "1990")
}

fn refund_request() -> SignedRequest<RefundRequest> {
    let amount = RefundRequestAmount { total: 1990, refund: 990 };
    let mut refund = RefundRequest::new(PaymentId::OutTradeNo(NO.into()), "R1", amount);
    refund.refund_desc = Some("茶".into());
    refund.request(&merchant(), SignType::HmacSha256, "n")
}

#[tokio::test]
async fn trap_16_a_refund_is_sent_unchanged_and_retried_with_the_same_number() {
    let wechat = replies(vec![refusal("SYSTEMERROR"), refunded()]).await;
    let reply = client(&wechat.url).refund(&refund_request()).await.unwrap();
    assert_eq!((&*reply.refund_id, reply.refund_fee, reply.total_fee), ("50", 990, 1990));
    let recorded = wechat.requests();
    assert_eq!((recorded.len(), &*recorded[0].path), (2, "/secapi/pay/refund"));
    assert!(recorded.iter().all(|recorded| recorded.body == refund_request().as_str().as_bytes()));

    let wechat = replies(vec![refunded().with("out_refund_no", "R2")]).await;
    let error = client(&wechat.url).refund(&refund_request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);

    let wechat = replies(vec![refusal("NOTENOUGH")]).await;
    let error = client(&wechat.url).refund(&refund_request()).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable(), wechat.requests().len()), (Some("NOTENOUGH"), false, 1));
}

#[tokio::test]
async fn calls_that_need_the_certificate_fail_without_it() {
    let wechat = replies(vec![refunded()]).await;
    let without = Client::new(http(), endpoints(&wechat.url), merchant());
    let date = BillDate::parse("20260101").unwrap();
    for error in [
        without.refund(&refund_request()).await.unwrap_err(),
        without.reverse(NO, SignType::HmacSha256).await.unwrap_err(),
        without.downloadfundflow(date, AccountType::Basic).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    assert!(wechat.requests().is_empty());
}

#[test]
fn an_invalid_client_certificate_is_refused_and_not_printed() {
    for (certificate, key) in
        [("", ""), ("hello", "secret"), (include_str!("../keys/platform_cert.pem"), "secret")]
    {
        let error = Http::with_client_certificate(&HttpOptions::default(), certificate, key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
    Http::with_client_certificate(
        &HttpOptions::default(),
        include_str!("../keys/platform_cert.pem"),
        include_str!("../keys/platform_key.pem"),
    )
    .unwrap();
}

#[tokio::test]
async fn a_refund_query_returns_the_coupons() {
    let reply = base()
        .with("transaction_id", "42")
        .with("out_trade_no", NO)
        .with("total_fee", "1990")
        .with("cash_fee", "1890")
        .with("total_refund_count", "12")
        .with("refund_count", "2")
        .with("out_refund_no_0", "R1")
        .with("refund_id_0", "50")
        .with("refund_fee_0", "990")
        .with("refund_status_0", "SUCCESS")
        .with("refund_recv_accout_0", "支付用户的零钱")
        .with("refund_success_time_0", "2026-01-01 12:00:00")
        .with("coupon_refund_count_0", "1")
        .with("coupon_refund_id_0_0", "10000")
        .with("coupon_type_0_0", "CASH")
        .with("coupon_refund_fee_0_0", "100")
        .with("out_refund_no_1", "R2")
        .with("refund_id_1", "51")
        .with("refund_fee_1", "1")
        .with("refund_status_1", "PROCESSING");
    let wechat = replies(vec![reply.clone()]).await;
    let of = RefundQuery::OutTradeNo(NO.into());
    let refunds = client(&wechat.url).refundquery(&of, 10, SignType::HmacSha256).await.unwrap();
    assert_eq!((refunds.total_refund_count, refunds.refunds.len()), (Some(12), 2));
    let first = &refunds.refunds[0];
    assert_eq!((&first.refund_status, first.refund_fee), (&RefundStatus::Success, 990));
    assert_eq!((first.coupons.len(), first.coupons[0].fee), (1, 100));
    assert_eq!(first.refund_recv_accout.as_deref(), Some("支付用户的零钱"));
    assert_eq!(refunds.refunds[1].coupons, []);
    let sent = xml::parse(&wechat.requests()[0].body).unwrap();
    assert_eq!((sent.get("offset"), sent.get("out_trade_no")), (Some("10"), Some(NO)));

    for (of, error) in [
        (RefundQuery::OutRefundNo("R1".into()), ErrorKind::Verification),
        (RefundQuery::TransactionId("43".into()), ErrorKind::Verification),
    ] {
        let wechat = replies(vec![reply.clone()]).await;
        let refused = client(&wechat.url).refundquery(&of, 0, SignType::HmacSha256).await.unwrap_err();
        assert_eq!(refused.kind(), error);
    }
    for (name, value) in [("refund_count", "9999999"), ("refund_count", "3"), ("refund_fee_1", "1.0")] {
        let wechat = replies(vec![reply.clone().with(name, value)]).await;
        let error = client(&wechat.url)
            .refundquery(&RefundQuery::OutTradeNo(NO.into()), 0, SignType::HmacSha256)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{name}");
    }
    let wechat = replies(vec![refusal("REFUNDNOTEXIST")]).await;
    let of = RefundQuery::RefundId("50".into());
    let error = client(&wechat.url).refundquery(&of, 0, SignType::HmacSha256).await.unwrap_err();
    assert!(error.is_refund_not_exist());
}

/// A server that responds with these bytes.
async fn server_with_response(bytes: Vec<u8>) -> FakeWechat {
    FakeWechat::start(move |_, _| {
        let bytes = bytes.clone();
        async move { bytes.into_response() }
    })
    .await
}

#[tokio::test]
async fn a_bill_is_not_xml_and_may_be_compressed() {
    let bill = "\u{feff}交易时间\r\n`2026\r\n".as_bytes().to_vec();
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(&bill).unwrap();
    let date = BillDate::parse("2026-01-01").unwrap();
    for file in [bill.clone(), compressed.finish().unwrap()] {
        let wechat = server_with_response(file).await;
        let client = client(&wechat.url);
        assert_eq!(client.downloadbill(date, BillType::All, SignType::Md5).await.unwrap(), bill);
        assert_eq!(client.downloadfundflow(date, AccountType::Basic).await.unwrap(), bill);
        let sent = xml::parse(&wechat.requests()[0].body).unwrap();
        assert_eq!((sent.get("bill_date"), sent.get("bill_type")), (Some("20260101"), Some("ALL")));
        assert!(sign::verify(&sent, merchant().key().expose(), SignType::Md5));
        let sent = xml::parse(&wechat.requests()[1].body).unwrap();
        assert_eq!((sent.get("account_type"), sent.get("sign_type")), (Some("Basic"), Some("HMAC-SHA256")));
        assert!(sign::verify(&sent, merchant().key().expose(), SignType::HmacSha256));
    }
}

#[tokio::test]
async fn a_missing_bill_has_its_own_error() {
    let date = BillDate::parse("2026-01-01").unwrap();
    let fail = |message: &str| {
        xml::write(
            &Fields::new()
                .with("return_code", "FAIL")
                .with("return_msg", message)
                .with("error_code", "20002"),
        )
        .into_bytes()
    };
    let wechat = server_with_response(fail("No Bill Exist")).await;
    let error = client(&wechat.url).downloadbill(date, BillType::All, SignType::Md5).await.unwrap_err();
    assert!(error.is_no_bill() && !error.is_bill_creating());
    assert_eq!(error.code(), Some("20002"));
    let wechat = server_with_response(fail("Bill Creating")).await;
    let error = client(&wechat.url).downloadbill(date, BillType::All, SignType::Md5).await.unwrap_err();
    assert!(error.is_bill_creating());
    for hostile in [&b""[..], b"<html>502</html>", b"\x1f\x8bx"] {
        let wechat = server_with_response(hostile.to_vec()).await;
        let error = client(&wechat.url).downloadbill(date, BillType::All, SignType::Md5).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }
}

fn micropay_request() -> SignedRequest<MicropayRequest> {
    MicropayRequest::new("茶", NO, 1990, "203.0.113.7", "120061098828009406").request(
        &merchant(),
        SignType::HmacSha256,
        "n",
    )
}

const QUICK: Polling = Polling { interval: Duration::from_millis(5), queries: 3 };

fn paid() -> Fields {
    base()
        .with("trade_state", "SUCCESS")
        .with("out_trade_no", NO)
        .with("transaction_id", "42")
        .with("openid", "oUpF8uMuAJO")
        .with("trade_type", "MICROPAY")
        .with("bank_type", "OTHERS")
        .with("total_fee", "1990")
        .with("cash_fee", "1990")
        .with("time_end", "20260101120000")
}

fn state(word: &str) -> Fields {
    base().with("out_trade_no", NO).with("trade_state", word)
}

async fn micropay(replies_: Vec<Fields>) -> (MicropayOutcome, Vec<String>) {
    let wechat = replies(replies_).await;
    let client = client(&wechat.url);
    let outcome = client.micropay(&micropay_request(), QUICK).await.unwrap();
    (outcome, wechat.requests().into_iter().map(|recorded| recorded.path).collect())
}

#[tokio::test]
async fn a_payment_by_code_is_sent_once_and_then_queried() {
    let (outcome, recorded) = micropay(vec![paid()]).await;
    assert!(matches!(outcome, MicropayOutcome::Paid(payment) if payment.total_fee == 1990));
    assert_eq!(recorded, ["/pay/micropay"]);

    for open in ["USERPAYING", "SYSTEMERROR", "BANKERROR"] {
        let (outcome, recorded) = micropay(vec![refusal(open), state("USERPAYING"), paid()]).await;
        assert!(matches!(outcome, MicropayOutcome::Paid(_)));
        assert_eq!(recorded, ["/pay/micropay", "/pay/orderquery", "/pay/orderquery"]);
    }
    let (outcome, _) = micropay(vec![refusal("USERPAYING"), state("REVOKED")]).await;
    assert_eq!(outcome, MicropayOutcome::Ended(TradeState::Revoked));
    let (outcome, recorded) = micropay(vec![refusal("USERPAYING"), state("NOTPAY")]).await;
    assert_eq!((outcome, recorded.len()), (MicropayOutcome::Pending, 4), "the number of calls is limited");
    // a response about another order does not show the state of this one
    let (outcome, _) = micropay(vec![paid().with("out_trade_no", "x"), state("NOTPAY")]).await;
    assert_eq!(outcome, MicropayOutcome::Pending);
}

#[tokio::test]
async fn a_refused_payment_by_code_is_not_queried() {
    let wechat = replies(vec![refusal("AUTHCODEEXPIRE")]).await;
    let error = client(&wechat.url).micropay(&micropay_request(), QUICK).await.unwrap_err();
    assert_eq!((error.code(), wechat.requests().len()), (Some("AUTHCODEEXPIRE"), 1));
}

#[tokio::test]
async fn a_payment_by_code_with_a_lost_response_is_not_sent_again() {
    let silent = silent().await;
    let backup = replies(vec![paid()]).await;
    let endpoints_ = endpoints(&silent.url).with_mch_backup(Some(&backup.url)).unwrap();
    let client = Client::new(http_with_a_short_timeout(), endpoints_, merchant());
    let outcome = client.micropay(&micropay_request(), QUICK).await.unwrap();
    assert!(matches!(outcome, MicropayOutcome::Paid(_)));
    assert_eq!((silent.count("/pay/micropay"), backup.count("/pay/micropay")), (1, 0));

    let busy = FakeWechat::start(|_, _| async { status(502) }).await;
    let outcome = self::client(&busy.url).micropay(&micropay_request(), QUICK).await.unwrap();
    assert_eq!((outcome, busy.count("/pay/micropay")), (MicropayOutcome::Pending, 1));

    // without a connection WeChat cannot have executed the call
    let endpoints_ = endpoints(&closed_address().await).with_mch_backup(Some(&backup.url)).unwrap();
    let client = Client::new(http(), endpoints_, merchant());
    client.micropay(&micropay_request(), QUICK).await.unwrap();
    assert_eq!(backup.count("/pay/micropay"), 1);
}

#[tokio::test]
async fn a_reversal_is_retried_while_wechat_demands_it() {
    let wechat = replies(vec![
        refusal("USERPAYING").with("recall", "Y"),
        base().with("recall", "Y"),
        base().with("recall", "N"),
    ])
    .await;
    client(&wechat.url).reverse(NO, SignType::HmacSha256).await.unwrap();
    assert_eq!((wechat.requests().len(), &*wechat.requests()[0].path), (3, "/secapi/pay/reverse"));

    let wechat = replies(vec![base().with("recall", "Y")]).await;
    assert!(client(&wechat.url).reverse(NO, SignType::HmacSha256).await.is_err());
    assert_eq!(wechat.requests().len(), 5, "the number of calls is limited");

    let wechat = replies(vec![refusal("REVERSE_EXPIRE").with("recall", "N")]).await;
    let error = client(&wechat.url).reverse(NO, SignType::HmacSha256).await.unwrap_err();
    assert_eq!((error.code(), wechat.requests().len()), (Some("REVERSE_EXPIRE"), 1));
}

#[tokio::test]
async fn a_report_is_sent_once() {
    let report = Report {
        interface_url: "https://api.mch.weixin.qq.com/pay/batchreport/micropay/total".into(),
        user_ip: "203.0.113.7".into(),
        trades: "[]".into(),
        device_info: None,
    };
    let request = report.request(&merchant(), SignType::HmacSha256, "n");
    let wechat = server_with_response(
        b"<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>".to_vec(),
    )
    .await;
    client(&wechat.url).report(&request).await.unwrap();
    assert_eq!(
        (&*wechat.requests()[0].path, &*wechat.requests()[0].body),
        ("/payitil/report", request.as_str().as_bytes())
    );
    let wechat = server_with_response(
        b"<xml><return_code>FAIL</return_code><return_msg>x</return_msg></xml>".to_vec(),
    )
    .await;
    assert_eq!(client(&wechat.url).report(&request).await.unwrap_err().message(), Some("x"));
}
