use axum::{body::Body, http::StatusCode as Status, response::Response as Answer};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use wechat::wire::{
    aead,
    certificate::Certificate,
    rsa::{PrivateKey, PublicKey},
};

use crate::test_simulator::{TestSimulator, text};

/// The parameters of a request signature.
pub(crate) struct Signing {
    pub(crate) mchid: &'static str,
    pub(crate) skew: i64,
    pub(crate) serial: Option<String>,
    pub(crate) body_signed: Option<&'static str>,
}

pub(crate) const VALID_SIGNATURE: Signing =
    Signing { mchid: "1900000109", skew: 0, serial: None, body_signed: None };

#[expect(clippy::disallowed_methods, reason = "the test uses the system clock like the shop")]
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

impl TestSimulator {
    #[track_caller]
    pub(crate) fn authorization(&self, method: &str, path: &str, body: &str, with: &Signing) -> String {
        let (time, body) = (now() + with.skew, with.body_signed.unwrap_or(body));
        let key = PrivateKey::from_pem(&self.account("merchant_private_key_pem")).unwrap();
        let signature = key.sign(format!("{method}\n{path}\n{time}\nABC123\n{body}\n").as_bytes());
        let serial = with.serial.clone().unwrap_or_else(|| self.account("merchant_serial"));
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"ABC123\",signature=\"{signature}\",\
             timestamp=\"{time}\",serial_no=\"{serial}\"",
            with.mchid
        )
    }

    pub(crate) async fn v3_with(
        &self,
        method: &str,
        path: &str,
        body: &str,
        with: &Signing,
        serial: &str,
    ) -> Response {
        let authorization = self.authorization(method, path, body, with);
        let url = format!("{}{path}", self.simulator.url());
        let mut request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if !serial.is_empty() {
            request = request.header("wechatpay-serial", serial);
        }
        request
            .header("authorization", authorization)
            .header("accept", "application/json")
            .header("user-agent", "test")
            .header("content-type", "application/json")
            .body(body.to_owned())
            .send()
            .await
            .unwrap()
    }

    /// Sends a correctly signed call and verifies the signature of the response.
    pub(crate) async fn v3(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.verified(self.v3_with(method, path, &body, &VALID_SIGNATURE, "").await).await
    }

    pub(crate) async fn verified(&self, answer: Response) -> (u16, Value) {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.unwrap();
        assert!(self.is_signed(&headers, &body), "{headers:?}");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    #[track_caller]
    pub(crate) fn is_signed(&self, headers: &reqwest::header::HeaderMap, body: &[u8]) -> bool {
        let get = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        let serial = get("wechatpay-serial");
        let key = if serial == self.account("public_key_id") {
            PublicKey::from_pem(&self.account("public_key_pem")).unwrap()
        } else if serial == self.account("platform_serial") {
            Certificate::from_pem(&self.account("platform_cert_pem")).unwrap().public_key
        } else {
            return false;
        };
        let (time, nonce) = (get("wechatpay-timestamp"), get("wechatpay-nonce"));
        let message = [format!("{time}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
        let fresh = time.parse::<i64>().is_ok_and(|time| time.abs_diff(now()) <= 300);
        fresh && key.verify(&message, get("wechatpay-signature"))
    }

    pub(crate) fn v3_order(&self, out_trade_no: &str) -> Value {
        json!({
            "appid": self.account("appid"),
            "mchid": self.account("mch_id"),
            "description": "小店-龙井茶",
            "out_trade_no": out_trade_no,
            "notify_url": self.shop.notify_url(),
            "amount": { "total": 1990, "currency": "CNY" },
            "payer": { "openid": self.openid },
        })
    }

    pub(crate) async fn place_v3_order(&self, out_trade_no: &str) -> String {
        let (status, answer) =
            self.v3("POST", "/v3/pay/transactions/jsapi", self.v3_order(out_trade_no)).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["prepay_id"])
    }

    pub(crate) async fn v3_query(&self, out_trade_no: &str) -> (u16, Value) {
        let path = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid=1900000109");
        self.v3("GET", &path, Value::Null).await
    }

    pub(crate) fn v3_refund(out_trade_no: &str, out_refund_no: &str, fee: i64) -> Value {
        json!({
            "out_trade_no": out_trade_no,
            "out_refund_no": out_refund_no,
            "amount": { "refund": fee, "total": 1990, "currency": "CNY" },
        })
    }

    #[track_caller]
    pub(crate) fn decrypted(&self, resource: &Value) -> Value {
        let key = self.account("api_v3_key");
        let part = |name: &str| text(&resource[name]);
        let key = key.as_bytes().try_into().unwrap();
        let plain =
            aead::decrypt(key, &part("nonce"), &part("associated_data"), &part("ciphertext")).unwrap();
        serde_json::from_slice(&plain).unwrap_or_else(|_| String::from_utf8(plain).unwrap().into())
    }

    pub(crate) fn acknowledge_v3(&self) {
        self.shop.respond_with(|_| {
            let mut answer = Answer::new(Body::empty());
            *answer.status_mut() = Status::NO_CONTENT;
            answer
        });
    }
}

#[tokio::test]
async fn a_wrong_or_late_signature_gets_an_unsigned_refusal() {
    let sim = TestSimulator::start().await;
    let path = "/v3/pay/transactions/jsapi";
    let body = sim.v3_order("order1").to_string();
    for with in [
        Signing { mchid: "1900000000", ..VALID_SIGNATURE },
        Signing { skew: 301, ..VALID_SIGNATURE },
        Signing { skew: -302, ..VALID_SIGNATURE },
        Signing { serial: Some("5ABC".to_owned()), ..VALID_SIGNATURE },
        Signing { body_signed: Some("{}"), ..VALID_SIGNATURE },
    ] {
        let answer = sim.v3_with("POST", path, &body, &with, "").await;
        assert_eq!(answer.status(), 401);
        assert!(answer.headers().get("wechatpay-signature").is_none());
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "SIGN_ERROR");
    }
    sim.advance(86400).await;
    assert_eq!(
        sim.v3_with("POST", path, &body, &VALID_SIGNATURE, "").await.status(),
        200,
        "signatures use the system clock, not the simulated one"
    );
}

#[tokio::test]
async fn each_trade_type_has_its_response_field() {
    let sim = TestSimulator::start().await;
    assert_eq!(sim.place_v3_order("order1").await.len(), 36);
    let mut order = sim.v3_order("order2");
    order.as_object_mut().unwrap().remove("payer");
    let (_, native) = sim.v3("POST", "/v3/pay/transactions/native", order.clone()).await;
    assert!(text(&native["code_url"]).starts_with("weixin://wxpay/bizpayurl?pr="));
    order["out_trade_no"] = "order3".into();
    let (_, app) = sim.v3("POST", "/v3/pay/transactions/app", order.clone()).await;
    assert_eq!(text(&app["prepay_id"]).len(), 36);
    order["out_trade_no"] = "order4".into();
    let (status, missing) = sim.v3("POST", "/v3/pay/transactions/h5", order.clone()).await;
    assert_eq!((status, &missing["detail"]["field"]), (400, &json!("/scene_info")));
    order["scene_info"] = json!({ "payer_client_ip": "127.0.0.1", "h5_info": { "type": "Wap" } });
    let (_, h5) = sim.v3("POST", "/v3/pay/transactions/h5", order).await;
    assert!(text(&h5["h5_url"]).contains("checkmweb?prepay_id="));
}

#[tokio::test]
async fn an_unknown_path_and_another_method_have_an_empty_answer_before_the_signature_is_checked() {
    let sim = TestSimulator::start().await;
    let sent = async |method: &str, path: &str| {
        let method = method.parse().unwrap();
        let response =
            sim.client.request(method, format!("{}{path}", sim.simulator.url())).send().await.unwrap();
        let signature = response.headers().get("wechatpay-signature").is_some();
        (response.status().as_u16(), signature, response.text().await.unwrap().len())
    };
    assert_eq!(sent("GET", "/v3/pay/transactions/nothing").await, (404, false, 0));
    assert_eq!(sent("GET", "/v3/pay/transactions/jsapi").await, (405, false, 0));
    assert_eq!(sent("POST", "/v3/certificates").await, (405, false, 0));
    assert_eq!(sent("POST", "/v3/billdownload/file").await, (405, false, 0));
    assert_eq!(sent("POST", "/v3/pay/transactions/jsapi").await.0, 401);
}

/// wechat-protocol-2.md, 12: two users, one code.
#[tokio::test]
async fn only_the_user_who_opened_a_code_can_pay_with_it() {
    let sim = TestSimulator::start().await;
    let mut order = sim.v3_order("order1");
    order.as_object_mut().unwrap().remove("payer");
    let (_, native) = sim.v3("POST", "/v3/pay/transactions/native", order).await;
    let users = sim.json("/_simulator/users").await;
    let [one, other] = [&users[0], &users[1]];
    let pay = async |openid: &Value, outcome: &str| {
        let request = json!({ "code_url": native["code_url"], "openid": openid, "outcome": outcome });
        sim.try_control("pay", request).await
    };
    assert_eq!(pay(&one["openid"], "cancel").await.0, 200);
    let (status, answer) = pay(&other["openid"], "ok").await;
    assert_eq!(status, 409);
    assert!(text(&answer["error"]).contains("商家订单信息有误，请重新下单支付"), "{answer}");
    assert_eq!(pay(&other["openid"], "cancel").await.0, 200, "the second user changes nothing");
    // the same person, with the openid of the mini program
    assert_eq!(pay(&one["miniprogram_openid"], "ok").await.0, 200);
}

#[tokio::test]
async fn each_mistake_in_an_order_has_its_code() {
    let sim = TestSimulator::start().await;
    for (pointer, value, code) in [
        ("/total_fee", json!(1), "PARAM_ERROR"),
        ("/amount/total", json!(0), "PARAM_ERROR"),
        ("/amount/total", json!("1990"), "PARAM_ERROR"),
        ("/amount/total", json!(19.9), "PARAM_ERROR"),
        ("/amount/fen", json!(1), "PARAM_ERROR"),
        ("/notify_url", json!("https://a.example/b?c"), "PARAM_ERROR"),
        ("/description", json!("茶".repeat(43)), "PARAM_ERROR"),
        ("/out_trade_no", json!("12345"), "PARAM_ERROR"),
        ("/time_expire", json!("20261121000000"), "PARAM_ERROR"),
        ("/mchid", json!("1900000000"), "PARAM_ERROR"),
        ("/payer/openid", json!("o-nobody"), "PARAM_ERROR"),
        ("/appid", json!("wx0000000000000000"), "APPID_MCHID_NOT_MATCH"),
    ] {
        let mut order = sim.v3_order("order1");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        order.pointer_mut(parent).unwrap()[name] = value;
        let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
        assert_eq!((status, &answer["code"]), (400, &json!(code)), "{pointer}: {answer}");
    }
    let mut order = sim.v3_order("order1");
    order["payer"]["openid"] = sim.json("/_simulator/users").await[0]["miniprogram_openid"].clone();
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!((status, &answer["code"]), (500, &json!("OPENID_MISMATCH")), "another program's openid");
    assert_eq!(sim.ledger().await["orders"], json!([]));
    sim.place_v3_order("order1").await;
    sim.place_v3_order("order1").await;
    let mut other = sim.v3_order("order1");
    other["amount"]["total"] = 1.into();
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", other).await;
    assert_eq!((status, &answer["code"]), (403, &json!("OUT_TRADE_NO_USED")));
}

#[tokio::test]
async fn an_order_is_queried_by_both_numbers_and_closed_with_an_empty_response() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "notification_extras": false })).await;
    assert_eq!(sim.v3_query("order1").await.0, 404);
    sim.place_v3_order("order1").await;
    let (_, open) = sim.v3_query("order1").await;
    assert_eq!((&open["trade_state"], &open["payer"]), (&json!("NOTPAY"), &Value::Null));
    let without_mchid = sim.v3("GET", "/v3/pay/transactions/out-trade-no/order1", Value::Null).await;
    assert_eq!(without_mchid.0, 400);
    let close = |number: &str| format!("/v3/pay/transactions/out-trade-no/{number}/close");
    sim.pay_order("order1").await;
    let (_, paid) = sim.v3_query("order1").await;
    assert_eq!((&paid["trade_state"], &paid["amount"]["payer_total"]), (&json!("SUCCESS"), &json!(1990)));
    let by_id = format!("/v3/pay/transactions/id/{}?mchid=1900000109", text(&paid["transaction_id"]));
    assert_eq!(sim.v3("GET", &by_id, Value::Null).await, (200, paid));
    let mchid = json!({ "mchid": "1900000109" });
    let (status, answer) = sim.v3("POST", &close("order1"), mchid.clone()).await;
    assert_eq!((status, &answer["code"]), (400, &json!("ORDER_PAID")));
    sim.place_v3_order("order2").await;
    for _ in 0..2 {
        assert_eq!(sim.v3("POST", &close("order2"), mchid.clone()).await, (204, Value::Null));
    }
    assert_eq!(sim.v3_query("order2").await.1["trade_state"], "CLOSED");
}

#[tokio::test]
async fn a_v3_refund_is_made_once_and_needs_no_client_certificate() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "notification_extras": false })).await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 60 })).await;
    sim.place_v3_order("order1").await;
    let path = "/v3/refund/domestic/refunds";
    let (status, answer) = sim.v3("POST", path, TestSimulator::v3_refund("order1", "r1", 1)).await;
    assert_eq!((status, &answer["code"]), (404, &json!("RESOURCE_NOT_EXISTS")), "not paid");
    sim.pay_order("order1").await;
    let (_, first) = sim.v3("POST", path, TestSimulator::v3_refund("order1", "r1", 990)).await;
    assert_eq!((&first["status"], &first["amount"]["payer_refund"]), (&json!("PROCESSING"), &json!(990)));
    assert_eq!(
        sim.v3("POST", path, TestSimulator::v3_refund("order1", "r1", 990)).await,
        (200, first.clone())
    );
    for (number, fee) in [("r1", 991), ("r2", 1001), ("r3", 1991)] {
        let (status, answer) = sim.v3("POST", path, TestSimulator::v3_refund("order1", number, fee)).await;
        assert_eq!(status, 400, "{answer}");
    }
    sim.advance(60).await;
    let (_, settled) = sim.v3("GET", &format!("{path}/r1"), Value::Null).await;
    assert_eq!((&settled["status"], &settled["refund_id"]), (&json!("SUCCESS"), &first["refund_id"]));
    assert_eq!(sim.v3_query("order1").await.1["trade_state"], "REFUND");
}

#[tokio::test]
async fn a_refund_of_the_merchant_platform_is_notified_in_v2_format_for_a_v3_order() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "refund_notify_url": sim.shop.notify_url() })).await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 0 })).await;
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    let by_hand = json!({ "out_trade_no": "order1", "refund_fee": 1 });
    let bodies = |part: &str| sim.shop.received().iter().filter(|each| each.body.contains(part)).count();
    sim.control("refund", by_hand.clone()).await;
    sim.until(|ledger| ledger["notifications"][1]["attempts"][0].is_object()).await;
    assert_eq!((bodies("req_info"), bodies("REFUND.SUCCESS")), (1, 0));
    sim.control("account", json!({ "platform_refund_notice": "follow" })).await;
    sim.control("refund", by_hand).await;
    sim.until(|ledger| ledger["notifications"][2]["attempts"][0].is_object()).await;
    assert_eq!((bodies("req_info"), bodies("REFUND.SUCCESS")), (1, 1));
}

#[tokio::test]
async fn an_unsigned_refusal_has_no_effect() {
    let sim = TestSimulator::start().await;
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    let path = "/v3/refund/domestic/refunds";
    let refusals = [
        (json!({ "endpoint": "refunds", "kind": "unsigned_error", "times": 1 }), 401),
        (json!({ "endpoint": "refunds", "kind": "unsigned_error", "code": "NO_AUTH", "times": 1 }), 403),
        (json!({ "endpoint": "refunds", "kind": "http_status", "status": 302, "times": 1 }), 302),
    ];
    for (fault, status) in refusals {
        sim.control("faults", fault).await;
        let body = TestSimulator::v3_refund("order1", "r1", 1).to_string();
        let answer = sim.v3_with("POST", path, &body, &VALID_SIGNATURE, "").await;
        assert_eq!(answer.status(), status);
        assert!(answer.headers().get("wechatpay-signature").is_none());
    }
    assert_eq!(sim.ledger().await["refunds"], json!([]));
    let unfit = json!({ "endpoint": "refunds", "kind": "http_status" });
    assert_eq!(sim.try_control("faults", unfit).await.0, 400);
}

#[tokio::test]
async fn responses_are_signed_with_the_key_that_the_request_names() {
    let sim = TestSimulator::start().await;
    let path = "/v3/certificates";
    for name in ["platform_serial", "public_key_id"] {
        let serial = sim.account(name);
        let answer = sim.v3_with("GET", path, "", &VALID_SIGNATURE, &serial).await;
        assert_eq!(answer.headers()["wechatpay-serial"], serial.as_str());
        let (status, body) = sim.verified(answer).await;
        assert_eq!((status, &body["data"][0]["serial_no"]), (200, &sim.account["platform_serial"]));
        assert_eq!(sim.decrypted(&body["data"][0]["encrypt_certificate"]), sim.account["platform_cert_pem"]);
    }
    assert_eq!(sim.v3_with("GET", path, "", &VALID_SIGNATURE, "ABC").await.status(), 400);
    sim.control("account", json!({ "platform_keys": "public_key" })).await;
    let (status, answer) = sim.v3("GET", path, Value::Null).await;
    assert_eq!((status, &answer["code"]), (404, &json!("RESOURCE_NOT_EXISTS")), "trap 1");
}

#[tokio::test]
async fn faults_change_the_signature_of_a_response_in_five_ways() {
    let sim = TestSimulator::start().await;
    for kind in ["wrong_signature", "unknown_serial", "stale_time", "future_time", "signtest"] {
        sim.control("faults", json!({ "endpoint": "jsapi", "kind": kind, "times": 1 })).await;
        let body = sim.v3_order("order1").to_string();
        let answer = sim.v3_with("POST", "/v3/pay/transactions/jsapi", &body, &VALID_SIGNATURE, "").await;
        let headers = answer.headers().clone();
        let probe = headers["wechatpay-signature"].to_str().unwrap().starts_with("WECHATPAY/SIGNTEST/");
        assert_eq!(probe, kind == "signtest");
        assert!(!sim.is_signed(&headers, &answer.bytes().await.unwrap()), "{kind}");
    }
    sim.control("faults", json!({ "endpoint": "jsapi", "kind": "system_error", "times": 1 })).await;
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", sim.v3_order("order1")).await;
    assert_eq!((status, &answer["code"]), (500, &json!("SYSTEM_ERROR")));
}

#[tokio::test]
async fn a_v3_order_and_its_refund_are_notified_encrypted_and_signed() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
    let mut refund = TestSimulator::v3_refund("order1", "r1", 990);
    refund["notify_url"] = sim.shop.notify_url().into();
    sim.control("refund", json!({ "outcome": "abnormal", "after_s": 0 })).await;
    assert_eq!(sim.v3("POST", "/v3/refund/domestic/refunds", refund).await.0, 200);
    sim.until(|ledger| ledger["notifications"][1]["acknowledged"] == true).await;
    let received = sim.shop.received();
    for (each, event) in received.iter().zip(["TRANSACTION.SUCCESS", "REFUND.ABNORMAL"]) {
        assert!(sim.is_signed(&each.headers, each.body.as_bytes()));
        let message: Value = serde_json::from_str(&each.body).unwrap();
        assert_eq!(message["event_type"], event);
        assert_eq!(sim.decrypted(&message["resource"])["out_trade_no"], "order1");
    }
}

#[tokio::test]
async fn a_v3_notification_with_a_v2_acknowledgement_or_a_fault_is_repeated() {
    let sim = TestSimulator::start().await;
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    let attempts = |ledger: &Value| ledger["notifications"][0]["attempts"].as_array().map_or(0, Vec::len);
    let ledger = sim.until(|ledger| attempts(ledger) == 1).await;
    assert_eq!(ledger["notifications"][0]["acknowledged"], false, "the shop answered with XML");
    sim.acknowledge_v3();
    // the pauses of the schedule, so that each step causes one attempt
    let steps =
        [("signtest", 15), ("stale_time", 15), ("unknown_serial", 30), ("total_fee", 180), ("no_sign", 600)];
    for (n, (tamper, pause)) in (2..).zip(steps) {
        sim.control("notifications", json!({ "tamper": { "kind": tamper, "times": 1 } })).await;
        sim.advance(pause).await;
        sim.until(|ledger| attempts(ledger) == n).await;
        let last = sim.shop.received().pop().unwrap();
        assert!(!sim.is_signed(&last.headers, last.body.as_bytes()), "{tamper}");
    }
    sim.advance(1200).await;
    sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
}

#[tokio::test]
async fn a_page_pays_a_v3_order_with_the_rsa_signature_of_the_merchant() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_v3_order("order1").await;
    let key = PrivateKey::from_pem(&sim.account("merchant_private_key_pem")).unwrap();
    let appid = sim.account("appid");
    let signed = |package: &str| key.sign(format!("{appid}\n1795000000\nABC\n{package}\n").as_bytes());
    let args = |sign: String, sign_type: &str| {
        json!({
            "appId": appid,
            "timeStamp": "1795000000",
            "nonceStr": "ABC",
            "package": format!("prepay_id={prepay_id}"),
            "signType": sign_type,
            "paySign": sign,
        })
    };
    let right = signed(&format!("prepay_id={prepay_id}"));
    let bare = sim.bridge("getBrandWCPayRequest", args(signed(&prepay_id), "RSA")).await;
    assert_eq!(bare["alert"], "支付验证签名失败", "trap 8");
    let as_v2 = sim.bridge("getBrandWCPayRequest", args(right.clone(), "MD5")).await;
    assert_eq!(as_v2["alert"], "支付验证签名失败");
    let answer = sim.bridge("getBrandWCPayRequest", args(right, "RSA")).await;
    assert_eq!(answer["sheet"]["amount"], "19.90");
}

#[tokio::test]
async fn an_abnormal_refund_is_redirected_to_an_encrypted_bank_card() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    sim.control("account", json!({ "notification_extras": false })).await;
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    sim.control("refund", json!({ "outcome": "abnormal", "after_s": 0, "times": 1 })).await;
    let mut refund = TestSimulator::v3_refund("order1", "r1", 990);
    refund["notify_url"] = sim.shop.notify_url().into();
    let (_, made) = sim.v3("POST", "/v3/refund/domestic/refunds", refund).await;
    assert_eq!(made["status"], "ABNORMAL");
    let path = format!("/v3/refund/domestic/refunds/{}/apply-abnormal-refund", text(&made["refund_id"]));
    let key = PublicKey::from_pem(&sim.account("public_key_pem")).unwrap();
    let encrypted = |text: &str| key.encrypt(text.as_bytes()).unwrap();
    let body = |account: String| {
        json!({
            "out_refund_no": "r1",
            "type": "USER_BANK_CARD",
            "bank_type": "CMB_DEBIT",
            "bank_account": account,
            "real_name": encrypted("张三"),
        })
    };
    let send = async |body: Value, serial: &str| {
        sim.verified(sim.v3_with("POST", &path, &body.to_string(), &VALID_SIGNATURE, serial).await).await
    };
    let (own, other) = (sim.account("public_key_id"), sim.account("platform_serial"));
    let good = body(encrypted("6225000011112222"));
    for (body, serial, why) in [
        (good.clone(), "", "the serial is missing"),
        (good.clone(), &*other, "encrypted with another key"),
        (body("6225000011112222".to_owned()), &*own, "not encrypted"),
        (body(encrypted("no card")), &*own, "not a card number"),
        (json!({ "out_refund_no": "r1", "type": "USER_BANK_CARD" }), &*own, "the card is missing"),
        (json!({ "out_refund_no": "r2", "type": "MERCHANT_BANK_CARD" }), &*own, "another refund"),
    ] {
        let (status, answer) = send(body, serial).await;
        assert_eq!(status, 400, "{why}: {answer}");
    }
    let certificate = Certificate::from_pem(&sim.account("platform_cert_pem")).unwrap().public_key;
    let mut by_certificate = good.clone();
    for (name, value) in [("bank_account", "6225000011112222"), ("real_name", "张三")] {
        by_certificate[name] = certificate.encrypt(value.as_bytes()).unwrap().into();
    }
    let (status, answer) = send(by_certificate, "").await;
    assert_eq!(status, 400, "the serial is required: {answer}");
    let (status, answer) = send(good.clone(), &own).await;
    assert_eq!((status, &answer["status"]), (200, &json!("PROCESSING")), "{answer}");
    assert_eq!(answer["user_received_account"], "CMB_DEBIT2222，张三");
    sim.advance(1).await;
    let (_, settled) = sim.v3("GET", "/v3/refund/domestic/refunds/r1", Value::Null).await;
    assert_eq!((&settled["status"], &settled["channel"]), (&json!("SUCCESS"), &json!("OTHER_BANKCARD")));
    assert_eq!(send(good, &own).await.0, 400, "the refund is no longer abnormal");
    let reported = |ledger: &Value| ledger["notifications"].as_array().map_or(0, Vec::len);
    assert_eq!(reported(&sim.ledger().await), 3, "paid, abnormal, and completed");
}

#[tokio::test]
async fn partial_v3_refunds_can_require_a_minute_between_them() {
    let sim = TestSimulator::start().await;
    sim.place_v3_order("order1").await;
    sim.pay_order("order1").await;
    sim.control("account", json!({ "refund_pause": "refuse" })).await;
    let path = "/v3/refund/domestic/refunds";
    let refund =
        async |number: &str| sim.v3("POST", path, TestSimulator::v3_refund("order1", number, 100)).await;
    assert_eq!(refund("r1").await.0, 200);
    let (status, answer) = refund("r2").await;
    assert_eq!((status, &answer["code"]), (429, &json!("FREQUENCY_LIMITED")));
    assert_eq!(refund("r1").await.0, 200, "a repeated refund is not a second part");
    let v2 = sim.refund("order1", "r-v2", 100).await;
    assert_eq!(v2.get("result_code"), Some("SUCCESS"), "V2 requires no pause");
    assert_eq!(refund("r3").await.0, 429, "a V2 refund counts too");
    sim.advance(60).await;
    assert_eq!(refund("r2").await.0, 200);
}
