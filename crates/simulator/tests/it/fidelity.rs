//! Facts about WeChat that other clients found (wechat-protocol-2.md, 12).

use reqwest::Response;
use serde_json::{Value, json};
use wechat::wire::rsa::PublicKey;

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::VALID_SIGNATURE,
};

impl TestSimulator {
    /// A V3 call with these headers only.
    async fn bare(&self, path: &str, headers: &[(&'static str, &'static str)]) -> Response {
        let request = self.client.get(format!("{}{path}", self.simulator.url()));
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    }

    /// Pays a new order of V3 and returns whether the public key signs its notification.
    async fn notified_by_public_key(&self, out_trade_no: &str) -> bool {
        let before = self.shop.received().len();
        self.place_v3_order(out_trade_no).await;
        self.pay_order(out_trade_no).await;
        self.until(|ledger| {
            ledger["notifications"].as_array().unwrap().iter().all(|each| each["acknowledged"] == true)
        })
        .await;
        self.shop.received()[before].headers["wechatpay-serial"] == self.account("public_key_id").as_str()
    }
}

#[tokio::test]
async fn certificates_and_refunds_check_headers_before_the_signature_and_orders_do_not() {
    let sim = TestSimulator::start().await;
    for path in ["/v3/certificates", "/v3/refund/domestic/refunds/r1"] {
        for headers in [&[][..], &[("user-agent", "test")]] {
            // reqwest adds an Accept header of its own, so it is taken away
            let answer = raw_get(&sim, path, headers).await;
            assert!(
                answer.contains("400 Bad Request") && answer.contains("Http头缺少Accept或User-Agent"),
                "{answer}"
            );
        }
        let answer = sim.bare(path, &[("accept", "*/*"), ("user-agent", "test")]).await;
        assert_eq!(answer.status(), 401, "{path}");
    }
    let answer = raw_get(&sim, "/v3/pay/transactions/out-trade-no/a?mchid=1900000109", &[]).await;
    assert!(answer.contains("401 Unauthorized") && answer.contains("签名信息错误，验签失败"), "{answer}");
}

async fn raw_get(sim: &TestSimulator, path: &str, headers: &[(&str, &str)]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = sim.simulator.url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_payer_may_have_an_identity_whose_number_is_encrypted() {
    let sim = TestSimulator::start().await;
    let key = PublicKey::from_pem(&sim.account("public_key_pem")).unwrap();
    let id = sim.account("public_key_id");
    let order = |number: &str, identity: Value| {
        let mut order = sim.v3_order(number);
        order["payer"]["identity"] = identity;
        order.to_string()
    };
    let send = async |body: String, serial: &str| {
        let answer = sim.v3_with("POST", "/v3/pay/transactions/jsapi", &body, &VALID_SIGNATURE, serial).await;
        sim.verified(answer).await
    };
    let encrypted = key.encrypt(b"110101199001011234").unwrap();
    let identity =
        json!({ "type": "IDCARD", "number": encrypted, "name": key.encrypt("小明".as_bytes()).unwrap() });
    let (status, answer) = send(order("order1", identity.clone()), &id).await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = send(order("order2", identity), "").await;
    assert_eq!(
        (status, text(&answer["message"]).contains("缺少微信支付平台证书序列号")),
        (400, true),
        "{answer}"
    );
    let plain = json!({ "type": "IDCARD", "number": "110101199001011234" });
    assert_eq!(send(order("order3", plain), &id).await.0, 400, "not encrypted");
    let unknown = json!({ "type": "LIBRARY_CARD", "number": encrypted });
    assert_eq!(send(order("order4", unknown), &id).await.1["detail"]["field"], "/payer/identity/type");
}

#[tokio::test]
async fn null_is_not_a_missing_field() {
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("order1");
    order["attach"] = Value::Null;
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!((status, &answer["detail"]["field"]), (400, &json!("/attach")));
}

#[tokio::test]
async fn before_the_change_of_keys_there_is_no_public_key() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    sim.control("account", json!({ "platform_keys": "not_started" })).await;
    let id = sim.account("public_key_id");
    let answer = sim.v3_with("GET", "/v3/certificates", "", &VALID_SIGNATURE, &id).await;
    let (status, answer) = sim.verified(answer).await;
    assert_eq!((status, text(&answer["message"])), (400, "平台证书序列号Wechatpay-Serial错误".to_owned()));
    assert!(!sim.notified_by_public_key("order1").await);
    assert_eq!(sim.v3("GET", "/v3/certificates", Value::Null).await.0, 200);
}

#[tokio::test]
async fn during_the_change_of_keys_the_public_key_signs_more_notifications_each_day() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    sim.control("account", json!({ "platform_keys": "ramp" })).await;
    let numbers = ["a00001", "a00002", "a00003", "a00004"];
    let mut first_day = 0;
    for number in numbers {
        first_day += usize::from(sim.notified_by_public_key(number).await);
    }
    assert!(first_day <= 1, "0.1 % on the first day, {first_day} of 4");
    sim.advance(6 * 86_400).await;
    for number in numbers {
        assert!(sim.notified_by_public_key(&number.replace('a', "b")).await, "all on the seventh day");
    }
    // responses follow the request all the time
    for serial in ["public_key_id", "platform_serial"] {
        let serial = sim.account(serial);
        let answer = sim.v3_with("GET", "/v3/certificates", "", &VALID_SIGNATURE, &serial).await;
        assert_eq!(answer.headers()["wechatpay-serial"], serial.as_str());
    }
}

#[tokio::test]
async fn a_merchant_without_certificates_is_told_to_use_the_public_key() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "platform_keys": "public_key" })).await;
    let (status, answer) = sim.v3("GET", "/v3/certificates", Value::Null).await;
    assert_eq!(status, 404);
    assert_eq!(answer["message"], "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。");
}

#[tokio::test]
async fn an_unsigned_refusal_of_v2_is_plain_text() {
    let sim = TestSimulator::start().await;
    let url = format!("{}/pay/unifiedorder", sim.simulator.url());
    let answer = sim.client.post(url).body("<xml></xml>").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "text/plain")
    );
}

#[tokio::test]
async fn an_unknown_appid_is_refused_before_the_grant_type() {
    let sim = TestSimulator::start().await;
    let answer = sim.json("/cgi-bin/token?grant_type=x&appid=wx0000000000000000&secret=y").await;
    assert_eq!(answer["errcode"], 40013);
    let known = format!("/cgi-bin/token?grant_type=x&appid={}&secret=y", sim.account("appid"));
    assert_eq!(sim.json(&known).await["errcode"], 40002);
}
