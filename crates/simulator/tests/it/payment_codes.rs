use serde_json::{Value, json};
use wechat::wire::{
    Fields,
    sign::{SignType, verify},
    xml,
};

use crate::test_simulator::{TestSimulator, text};

impl TestSimulator {
    async fn payment_code(&self, request: Value) -> String {
        text(&self.control("payment-code", request).await["auth_code"])
    }

    fn micropay_fields(&self, out_trade_no: &str, auth_code: &str) -> Fields {
        self.signed_as("HMAC-SHA256")
            .with("body", "小店-龙井茶")
            .with("out_trade_no", out_trade_no)
            .with("total_fee", "1990")
            .with("spbill_create_ip", "127.0.0.1")
            .with("auth_code", auth_code)
    }

    async fn micropay(&self, out_trade_no: &str, auth_code: &str) -> Fields {
        self.call("/pay/micropay", self.micropay_fields(out_trade_no, auth_code)).await
    }

    async fn reverse(&self, out_trade_no: &str) -> Fields {
        let url = format!("{}/secapi/pay/reverse", self.simulator.tls_url());
        let request = self.signed_as("HMAC-SHA256").with("out_trade_no", out_trade_no);
        let body = xml::write(&self.sign(request));
        let answer = self.with_certificate().post(url).body(body).send().await.unwrap();
        xml::parse(&answer.bytes().await.unwrap()).unwrap()
    }

    fn v3_code_payment(&self, out_trade_no: &str, auth_code: &str) -> Value {
        json!({
            "appid": self.account("appid"),
            "mchid": self.account("mch_id"),
            "description": "小店-龙井茶",
            "out_trade_no": out_trade_no,
            "payer": { "auth_code": auth_code },
            "amount": { "total": 1990 },
            "scene_info": { "store_info": { "out_id": "A1" } },
        })
    }

    async fn trade_state(&self, out_trade_no: &str) -> String {
        self.query(out_trade_no).await.get("trade_state").unwrap().to_owned()
    }
}

#[track_caller]
fn error(reply: &Fields) -> (&str, &str) {
    assert_eq!(reply.get("result_code"), Some("FAIL"), "{reply:?}");
    (reply.get("err_code").unwrap(), reply.get("err_code_des").unwrap())
}

#[tokio::test]
async fn a_code_pays_immediately_and_once_without_a_notification() {
    let sim = TestSimulator::start().await;
    let code = sim.payment_code(json!({})).await;
    assert!(code.len() == 18 && ('0'..='5').contains(&code.chars().nth(1).unwrap()));
    let reply = sim.micropay("order1", &code).await;
    assert!(verify(&reply, &sim.account("api_v2_key"), SignType::HmacSha256));
    for (name, value) in [
        ("result_code", "SUCCESS"),
        ("trade_type", "MICROPAY"),
        ("openid", &sim.openid),
        ("out_trade_no", "order1"),
        ("total_fee", "1990"),
    ] {
        assert_eq!(reply.get(name), Some(value), "{name}");
    }
    assert_eq!(sim.trade_state("order1").await, "SUCCESS");
    assert_eq!(error(&sim.micropay("order2", &code).await).0, "AUTH_CODE_INVALID");
    assert_eq!(error(&sim.micropay("order1", &code).await).0, "ORDERPAID");
    assert_eq!(sim.ledger().await["notifications"], json!([]));
}

#[tokio::test]
async fn an_invalid_or_expired_code_has_the_documented_error() {
    let sim = TestSimulator::start().await;
    let form = sim.micropay("order1", "991234567890123456").await;
    assert_eq!(
        error(&form),
        ("AUTH_CODE_INVALID", "请扫描微信支付授权码(以10/11/12/13/14/15为前缀的18位数字)")
    );
    let unknown = sim.micropay("order1", "134650328919428540").await;
    assert_eq!(error(&unknown), ("AUTH_CODE_INVALID", "101 付款码无效，请重新扫码"));
    let code = sim.payment_code(json!({})).await;
    sim.advance(60).await;
    assert_eq!(error(&sim.micropay("order1", &code).await).0, "AUTHCODEEXPIRE");
    assert_eq!(sim.ledger().await["orders"], json!([]));
    assert_eq!(sim.try_control("payment-code", json!({ "openid": "o-nobody" })).await.0, 404);
}

#[tokio::test]
async fn a_payment_waits_a_minute_for_the_password() {
    let sim = TestSimulator::start().await;
    for (number, outcome, state) in [
        ("order1", Some("ok"), "SUCCESS"),
        ("order2", Some("cancel"), "PAYERROR"),
        ("order3", None, "PAYERROR"),
    ] {
        let code = sim.payment_code(json!({ "password": true })).await;
        let reply = sim.micropay(number, &code).await;
        assert_eq!(error(&reply), ("USERPAYING", "需要用户输入支付密码"));
        assert_eq!(sim.trade_state(number).await, "USERPAYING");
        match outcome {
            Some(outcome) => {
                sim.control("pay", json!({ "out_trade_no": number, "outcome": outcome })).await;
            }
            None => sim.advance(60).await,
        }
        assert_eq!(sim.trade_state(number).await, state);
    }
    let code = sim.payment_code(json!({})).await;
    let large = sim.micropay_fields("order4", &code).with("total_fee", "100001");
    assert_eq!(error(&sim.call("/pay/micropay", large).await).0, "USERPAYING", "above 1,000 yuan");
}

#[tokio::test]
async fn a_payment_by_code_is_reversed_with_the_certificate() {
    let sim = TestSimulator::start().await;
    let reported = json!({ "refund_notify_url": sim.shop.notify_url() });
    sim.control("account", reported).await;
    let code = sim.payment_code(json!({})).await;
    sim.micropay("order1", &code).await;
    let request = xml::write(&sim.sign(sim.signed_as("MD5").with("out_trade_no", "order1")));
    let url = format!("{}/secapi/pay/reverse", sim.simulator.tls_url());
    assert_eq!(sim.client.post(url).body(request).send().await.unwrap().status(), 400);
    for _ in 0..2 {
        let reply = sim.reverse("order1").await;
        assert_eq!((reply.get("result_code"), reply.get("recall")), (Some("SUCCESS"), Some("N")));
    }
    assert_eq!(sim.trade_state("order1").await, "REVOKED");
    let ledger = sim.ledger().await;
    assert_eq!(ledger["notifications"], json!([]), "a reversal sends no notification");
    let refunds = &ledger["refunds"];
    assert_eq!((refunds.as_array().unwrap().len(), &refunds[0]["refund_fee"]), (1, &json!(1990)));
    let code = sim.payment_code(json!({ "password": true })).await;
    sim.micropay("order2", &code).await;
    sim.reverse("order2").await;
    assert_eq!(sim.trade_state("order2").await, "REVOKED");
    let late = json!({ "out_trade_no": "order2", "outcome": "ok" });
    assert_eq!(sim.try_control("pay", late).await.0, 409);
    assert_eq!(error(&sim.micropay("order2", &code).await).0, "ORDERREVERSED");
}

#[tokio::test]
async fn a_failed_reversal_returns_whether_to_retry() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    let other = sim.reverse("order1").await;
    assert_eq!((error(&other).0, other.get("recall")), ("INVALID_REQUEST", Some("N")));
    let unknown = sim.reverse("order2").await;
    assert_eq!((error(&unknown).0, unknown.get("recall")), ("ORDERNOTEXIST", Some("N")));
    let code = sim.payment_code(json!({})).await;
    sim.micropay("order3", &code).await;
    let fault = json!({ "endpoint": "/secapi/pay/reverse", "kind": "system_error_after", "times": 1 });
    sim.control("faults", fault).await;
    let busy = sim.reverse("order3").await;
    assert_eq!((error(&busy).0, busy.get("recall")), ("SYSTEMERROR", Some("Y")));
    assert_eq!(sim.trade_state("order3").await, "REVOKED", "the reversal took effect");
    let code = sim.payment_code(json!({})).await;
    sim.micropay("order4", &code).await;
    sim.advance(7 * 86_400).await;
    assert_eq!(error(&sim.reverse("order4").await).0, "REVERSE_EXPIRE");
}

#[tokio::test]
async fn v3_accepts_payment_codes() {
    let sim = TestSimulator::start().await;
    let path = "/v3/pay/transactions/codepay";
    let code = sim.payment_code(json!({})).await;
    let (status, paid) = sim.v3("POST", path, sim.v3_code_payment("order1", &code)).await;
    assert_eq!(
        (status, &paid["trade_state"], &paid["trade_type"]),
        (200, &json!("SUCCESS"), &json!("MICROPAY"))
    );
    assert_eq!(paid["payer"]["openid"], sim.openid);
    let (status, used) = sim.v3("POST", path, sim.v3_code_payment("order2", &code)).await;
    assert_eq!((status, &used["code"]), (400, &json!("AUTH_CODE_INVALID")));
    let code = sim.payment_code(json!({ "password": true })).await;
    let (status, waits) = sim.v3("POST", path, sim.v3_code_payment("order2", &code)).await;
    assert_eq!((status, &waits["code"]), (202, &json!("USERPAYING")));
    assert_eq!(sim.v3_query("order2").await.1["trade_state"], "USERPAYING");
    let mut without = sim.v3_code_payment("order3", &code);
    without["scene_info"].as_object_mut().unwrap().remove("store_info");
    let (status, missing) = sim.v3("POST", path, without).await;
    assert_eq!((status, &missing["detail"]["field"]), (400, &json!("/scene_info/store_info")));
    for number in ["order1", "order2"] {
        let reverse = format!("/v3/pay/transactions/out-trade-no/{number}/reverse");
        let body = json!({ "appid": sim.account("appid"), "mchid": "1900000109" });
        let (status, answer) = sim.v3("POST", &reverse, body).await;
        assert_eq!((status, &answer["out_trade_no"]), (200, &json!(number)));
        assert_eq!(sim.v3_query(number).await.1["trade_state"], "REVOKED");
    }
}
