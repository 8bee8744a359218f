//! The signature doctor over HTTP: where the sentence goes, and what it never contains.

use serde_json::{Value, json};
use wechat::wire::{
    sign::{SignType, sign},
    xml,
};

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::{Signing, VALID_SIGNATURE},
};

const HEADER: &str = "x-simulator-diagnosis";

impl TestSimulator {
    /// The newest entry of the request log.
    async fn last_request(&self) -> Value {
        let log = self.json("/_simulator/requests").await;
        log["requests"].as_array().unwrap().last().unwrap().clone()
    }

    /// Sends a V2 order that is signed with this key.
    async fn order_with_key(&self, key: &str) -> reqwest::Response {
        let order = self.order("order1");
        let sign = sign(&order, key, SignType::HmacSha256);
        let url = format!("{}/pay/unifiedorder", self.simulator.url());
        self.client.post(url).body(xml::write(&order.with("sign", sign))).send().await.unwrap()
    }
}

#[tokio::test]
async fn the_answer_of_v2_stays_and_the_sentence_is_in_a_header_and_in_the_log() {
    let sim = TestSimulator::start().await;
    let answer = sim.order_with_key(&sim.account("api_v3_key")).await;
    let sentence = answer.headers()[HEADER].to_str().unwrap().to_owned();
    assert!(sentence.contains("APIv3 key"), "{sentence}");
    let fields = xml::parse(&answer.bytes().await.unwrap()).unwrap();
    let fields: Vec<_> = fields.iter().collect();
    assert_eq!(fields, [("return_code", "FAIL"), ("return_msg", "签名错误")]);
    let entry = sim.last_request().await;
    assert_eq!(entry["verdict"], "wrong_signature");
    assert_eq!(entry["mistakes"], json!(["v3_key"]));
    assert_eq!(entry["sentence"], sentence);
    assert_eq!(entry["reason"], "签名错误");
}

#[tokio::test]
async fn bills_of_v2_are_diagnosed_too() {
    let sim = TestSimulator::start().await;
    let fields = sim.signed_as("MD5").with("bill_date", "20260101").with("bill_type", "ALL");
    let wrong = sign(&fields, &sim.account("api_v2_key"), SignType::HmacSha256);
    let answer = sim.send("/pay/downloadbill", xml::write(&fields.with("sign", wrong))).await;
    assert_eq!(answer.get("return_msg"), Some("SIGN ERROR"));
    assert_eq!(sim.last_request().await["mistakes"], json!(["hmac_for_md5"]));
    let fields = sim.signed_as("HMAC-SHA256").with("bill_date", "20260101").with("account_type", "Basic");
    let wrong = sign(&fields, &sim.account("previous_api_v2_key"), SignType::HmacSha256);
    let url = format!("{}/pay/downloadfundflow", sim.simulator.tls_url());
    let body = xml::write(&fields.with("sign", wrong));
    let answer = sim.with_certificate().post(url).body(body).send().await.unwrap();
    assert!(answer.headers()[HEADER].to_str().unwrap().contains("replaced"));
    assert_eq!(sim.last_request().await["mistakes"], json!(["previous_key"]));
}

#[tokio::test]
async fn the_error_of_v3_says_the_mistake_in_detail() {
    let sim = TestSimulator::start().await;
    let path = "/v3/pay/transactions/out-trade-no/order1?mchid=1900000109";
    let authorization = sim.authorization("GET", path.split_once('?').unwrap().0, "", &VALID_SIGNATURE);
    let request = sim.client.get(format!("{}{path}", sim.simulator.url()));
    let request = request.header("authorization", authorization).header("accept", "application/json");
    let answer = request.header("user-agent", "test").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let sentence = answer.headers()[HEADER].to_str().unwrap().to_owned();
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["code"], "SIGN_ERROR");
    assert_eq!(error["message"], "签名错误");
    let detail =
        json!({ "location": "authorization", "issue": sentence, "mistakes": ["path_without_query"] });
    assert_eq!(error["detail"], detail);
}

#[tokio::test]
async fn headers_of_v3_are_diagnosed_before_the_signature() {
    let sim = TestSimulator::start().await;
    let platform = Signing { serial: Some(sim.account("platform_serial")), ..VALID_SIGNATURE };
    for (with, mistake) in [
        (Signing { skew: -400, ..VALID_SIGNATURE }, "clock_skewed"),
        (Signing { skew: 8 * 3600, ..VALID_SIGNATURE }, "time_zone"),
        (Signing { mchid: "1900000108", ..VALID_SIGNATURE }, "other_mchid"),
        (Signing { body_signed: Some("{}"), ..VALID_SIGNATURE }, "body_not_sent"),
        (platform, "platform_serial"),
    ] {
        let answer = sim.v3_with("GET", "/v3/certificates", "", &with, "").await;
        assert_eq!(answer.status(), 401, "{mistake}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["detail"]["mistakes"], json!([mistake]), "{error}");
    }
    let url = format!("{}/v3/certificates", sim.simulator.url());
    let answer = sim.client.get(url).send().await.unwrap();
    assert!(answer.headers()[HEADER].to_str().unwrap().contains("no Authorization header"));
}

#[tokio::test]
async fn the_bridge_diagnoses_pages_and_payments() {
    let sim = TestSimulator::start().await;
    let page = format!("{}/entry", sim.simulator.phone_url());
    let ticket = sim.jsapi_ticket().await;
    let config = sim.config(&ticket, &format!("{page}/"), &["checkJsApi"]);
    let answer = sim.bridge("preVerifyJSAPI", config).await;
    assert_eq!(answer["reply"], json!({ "err_msg": "preVerifyJSAPI:invalid signature" }));
    assert_eq!(answer["diagnosis"]["mistakes"], json!(["url_slash"]));
    assert_eq!(sim.last_request().await["mistakes"], json!(["url_slash"]));
    // another hour, another ticket
    sim.advance(3 * 3600).await;
    sim.jsapi_ticket().await;
    let answer = sim.bridge("preVerifyJSAPI", sim.config(&ticket, &page, &["checkJsApi"])).await;
    assert_eq!(answer["diagnosis"]["mistakes"], json!(["stale_ticket"]));
    let prepay_id = sim.place_order("order1").await;
    let mut payment = sim.payment(&prepay_id);
    payment["timeStamp"] = 1_795_000_000.into();
    let answer = sim.bridge("getBrandWCPayRequest", payment).await;
    assert_eq!(answer["alert"], "调用支付JSAPI缺少参数: timeStamp");
    assert_eq!(answer["diagnosis"]["mistakes"], json!(["timestamp_number"]));
    let answer = sim.bridge("getBrandWCPayRequest", sim.payment(&prepay_id)).await;
    assert_eq!(answer["diagnosis"], Value::Null, "a correct payment is not blamed");
    assert!(answer["sheet"].is_object());
    assert_eq!(sim.last_request().await["verdict"], "accepted");
}

#[tokio::test]
async fn correct_requests_have_no_diagnosis() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    assert_eq!(sim.last_request().await["verdict"], "accepted");
    sim.place_v3_order("order2").await;
    let (status, _) = sim.v3_query("nowhere").await;
    assert_eq!(status, 404);
    let entry = sim.last_request().await;
    assert_eq!((&entry["verdict"], &entry["sentence"]), (&json!("refused"), &Value::Null));
    assert!(text(&entry["reason"]).contains("ORDER_NOT_EXIST"));
}

#[tokio::test]
async fn no_secret_is_in_the_answers_or_in_the_request_log() {
    let sim = TestSimulator::start().await;
    let mut answers = String::new();
    for key in ["api_v3_key", "previous_api_v2_key", "sandbox_signkey", "secret", "miniprogram_secret"] {
        let answer = sim.order_with_key(&sim.account(key)).await;
        answers += &format!("{:?}", answer.headers());
        answers += &answer.text().await.unwrap();
    }
    // a key in the wrong place
    let order = sim.order("order1").with("attach", sim.account("api_v2_key")).with("sign", "0".repeat(64));
    sim.send("/pay/unifiedorder", xml::write(&order)).await;
    let ticket = sim.jsapi_ticket().await;
    let page = format!("{}/entry?code=login-code-1", sim.simulator.phone_url());
    let answer =
        sim.bridge_at(&page, "preVerifyJSAPI", sim.config(&ticket, "http://wrong/", &["checkJsApi"])).await;
    answers += &answer.to_string();
    let path =
        format!("/cgi-bin/token?grant_type=client_credential&appid=wx1&secret={}", sim.account("secret"));
    sim.get(&path).await;
    let token = sim.ledger().await["tokens"][0]["access_token"].clone();
    let answer = sim.v3_with(
        "GET",
        "/v3/certificates",
        "",
        &Signing { body_signed: Some("x"), ..VALID_SIGNATURE },
        "",
    );
    let answer = answer.await;
    answers += &format!("{:?}", answer.headers());
    answers += &answer.text().await.unwrap();
    let log = sim.get("/_simulator/requests").await.text().await.unwrap();
    let page = sim.get("/").await.text().await.unwrap();
    assert!(log.contains("login-code") || log.contains("[redacted]"));
    let mut secrets: Vec<String> = [
        "secret",
        "miniprogram_secret",
        "api_v2_key",
        "api_v3_key",
        "previous_api_v2_key",
        "sandbox_signkey",
    ]
    .map(|name| sim.account(name))
    .into();
    secrets.extend([ticket, text(&token), "login-code-1".to_owned()]);
    secrets.extend(sim.account("merchant_private_key_pem").lines().nth(1).map(str::to_owned));
    for secret in secrets {
        for (place, text) in [("the answers", &answers), ("the log", &log), ("the page", &page)] {
            assert!(!text.contains(&secret), "{place} contain a secret that begins with {}", &secret[..4]);
        }
    }
    // nor a text to sign
    for part in ["&key=", "jsapi_ticket=", "GET\\n/v3", "GET\n/v3"] {
        assert!(!answers.contains(part) && !log.contains(part), "{part}");
    }
}
