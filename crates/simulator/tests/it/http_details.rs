//! Tests of HTTP details on which clients in other languages depend.

use std::io::{Read, Write};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::wire::xml;

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::VALID_SIGNATURE,
};

/// The raw bytes of the response.
#[track_caller]
fn raw(sim: &TestSimulator, request: &str) -> String {
    let address = sim.simulator.url().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_a_path_can_be_percent_encoded() {
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("A|1*2-3");
    order["description"] = json!("茶");
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!(status, 200, "{answer}");
    for number in ["A|1*2-3", "A%7C1*2-3", "A%7c1%2A2-3"] {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid=1900000109");
        let (status, order) = sim.v3("GET", &path, Value::Null).await;
        assert_eq!((status, &order["out_trade_no"]), (200, &json!("A|1*2-3")), "{number}: {order}");
    }
    // the signature covers the path as it was sent
    let signed = "/v3/pay/transactions/out-trade-no/A%7C1*2-3?mchid=1900000109";
    let sent = "/v3/pay/transactions/out-trade-no/A|1*2-3?mchid=1900000109";
    let authorization = sim.authorization("GET", signed, "", &VALID_SIGNATURE);
    let request =
        sim.client.get(format!("{}{sent}", sim.simulator.url())).header("authorization", authorization);
    let request = request.header("accept", "application/json").header("user-agent", "test");
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_serial_is_ignored() {
    let sim = TestSimulator::start().await;
    let path = "/v3/certificates";
    let url = format!("{}{path}", sim.simulator.url());
    let request =
        sim.client.get(url).header("authorization", sim.authorization("GET", path, "", &VALID_SIGNATURE));
    let request = request
        .header("accept", "application/json")
        .header("user-agent", "test")
        .header("wechatpay-serial", "");
    let (status, answer) = sim.verified(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn header_names_are_written_as_wechat_writes_them() {
    let sim = TestSimulator::start().await;
    let path = "/v3/certificates";
    let authorization = sim.authorization("GET", path, "", &VALID_SIGNATURE);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: wechat\r\nAccept: application/json\r\nUser-Agent: test\r\n\
         Authorization: {authorization}\r\nConnection: close\r\n\r\n"
    );
    let answer = tokio::task::block_in_place(|| raw(&sim, &request));
    for name in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Serial",
        "Wechatpay-Signature",
        "Request-ID",
        "Content-Type",
    ] {
        assert!(answer.contains(&format!("\r\n{name}: ")), "{name} is not in {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notification_headers_are_written_as_wechat_writes_them() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("order1");
    order["notify_url"] = json!(url);
    let (status, _) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!(status, 200);
    sim.control("pay", json!({ "out_trade_no": "order1", "outcome": "ok" })).await;
    let notification = tokio::task::block_in_place(|| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = vec![0; 8192];
        let length = stream.read(&mut bytes).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    for name in ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature"] {
        assert!(notification.contains(&format!("\r\n{name}: ")), "{name} is not in {notification}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fund_flow_bill_has_a_digest_header() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let date = sim.tomorrow_at(10).await;
    for compressed in [false, true] {
        let fields = sim.signed_as("HMAC-SHA256").with("bill_date", date.replace('-', ""));
        let mut fields = fields.with("account_type", "Basic");
        if compressed {
            fields.set("tar_type", "GZIP");
        }
        let url = format!("{}/pay/downloadfundflow", sim.simulator.tls_url());
        let body = xml::write(&sim.sign(fields));
        let answer = sim.with_certificate().post(url).body(body).send().await.unwrap();
        let digest = text(&json!(answer.headers()["digest"].to_str().unwrap()));
        let file = answer.bytes().await.unwrap();
        assert_eq!(digest, format!("SHA={}", hex::encode(Sha1::digest(&file))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_of_four_bytes_is_refused() {
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("order1");
    order["description"] = json!("茶🍵");
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order.clone()).await;
    assert_eq!((status, &answer["code"]), (400, &json!("PARAM_ERROR")), "{answer}");
    // a JSON escape of the same character
    let escaped = order.to_string().replace('🍵', "\\ud83c\\udf75");
    let answer = sim.v3_with("POST", "/v3/pay/transactions/jsapi", &escaped, &VALID_SIGNATURE, "").await;
    assert_eq!(sim.verified(answer).await.0, 400);
    let refused = sim.call("/pay/unifiedorder", sim.order("order2").with("body", "茶🍵")).await;
    assert_eq!((refused.get("return_code"), refused.get("return_msg")), (Some("FAIL"), Some("编码格式错误")));
}
