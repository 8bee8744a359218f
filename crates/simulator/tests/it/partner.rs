//! Partner mode (服务商): wechat-protocol-2.md, 5.

use serde_json::{Value, json};
use simulator::{Config, Seed, Simulator};
use wechat::wire::{Fields, xml};

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::Signing,
};

const PROVIDER: &str = "1900000200";
const SUB: &str = "1900000209";
const OTHER_SUB: &str = "1900000210";
const PROVIDERS_APPID: &str = "wx1111111111111111";
const OWN_APPID: &str = "wx2222222222222222";
const VALID_FOR_PROVIDER: Signing = Signing { mchid: PROVIDER, skew: 0, serial: None, body_signed: None };

impl TestSimulator {
    /// A simulator whose account is a provider with two sub-merchants.
    async fn with_provider() -> Self {
        let mut sim = Self::start().await;
        let accounts = json!({
            "service_accounts": [{ "appid": PROVIDERS_APPID }, { "appid": OWN_APPID }],
            "merchants": [{
                "mch_id": PROVIDER,
                "appids": [PROVIDERS_APPID],
                "sub_merchants": [{ "mch_id": SUB, "appids": [OWN_APPID] }, { "mch_id": OTHER_SUB }],
            }],
        });
        let accounts = sim.control("accounts", accounts).await;
        let list = accounts["merchants"].as_array().unwrap();
        let merchant = list.iter().find(|merchant| merchant["mch_id"] == PROVIDER).unwrap();
        for (name, value) in merchant.as_object().unwrap() {
            sim.account[name] = value.clone();
        }
        sim.account["appid"] = PROVIDERS_APPID.into();
        sim.openid = text(&accounts["users"][0]["openids"][PROVIDERS_APPID]);
        sim
    }

    fn partner_order(&self, number: &str) -> Value {
        let mut order = self.v3_order(number);
        let fields = order.as_object_mut().unwrap();
        fields.remove("appid");
        fields.remove("mchid");
        fields["payer"] = json!({ "sp_openid": self.openid });
        fields.extend([
            ("sp_appid".to_owned(), json!(PROVIDERS_APPID)),
            ("sp_mchid".to_owned(), json!(PROVIDER)),
            ("sub_mchid".to_owned(), json!(SUB)),
        ]);
        order
    }

    async fn partner(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.v3_with(method, path, &body, &VALID_FOR_PROVIDER, "").await;
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn each_mistake_of_a_provider_in_v3_has_its_message() {
    let sim = TestSimulator::with_provider().await;
    let jsapi = "/v3/pay/partner/transactions/jsapi";
    for (pointer, value, message) in [
        ("/sub_mchid", json!("1900000299"), "受理关系不存在"),
        ("/sub_mchid", json!(PROVIDER), "子商户mchid不能与自身mchid相同"),
        ("/sp_mchid", json!(SUB), "http header中的mchid与post payload中的mchid不匹配"),
        ("/sp_appid", json!(OWN_APPID), "appid和mch_id不匹配"),
        ("/sub_appid", json!(PROVIDERS_APPID), "sub_mch_id与sub_appid不匹配"),
        ("/payer", json!({ "sub_openid": sim.openid }), "传入sub_openid时必须传入sub_appid"),
        ("/payer", json!({}), "必填项缺失"),
        ("/payer", json!({ "sp_openid": "o", "sub_openid": "o" }), "二选一"),
        ("/mchid", json!(PROVIDER), "mchid"),
    ] {
        let mut order = sim.partner_order("order1");
        match pointer {
            "/sub_appid" | "/mchid" => order[&pointer[1..]] = value,
            _ => *order.pointer_mut(pointer).unwrap() = value,
        }
        let (status, answer) = sim.partner("POST", jsapi, order).await;
        assert_eq!(status, 400, "{pointer} {message}");
        assert!(text(&answer["message"]).contains(message), "{pointer}: {answer}");
    }
    let mut order = sim.partner_order("order1");
    order["sub_appid"] = OWN_APPID.into();
    order["payer"] = json!({ "sub_openid": sim.openid });
    let (_, answer) = sim.partner("POST", jsapi, order).await;
    assert_eq!(answer["message"], "sub_appid和sub_openid不匹配", "an openid of the provider's account");
    // a provider takes no payment for itself
    let direct = json!({ "mchid": PROVIDER });
    let path = "/v3/pay/transactions/out-trade-no/order1/close";
    let (_, answer) = sim.partner("POST", path, direct).await;
    assert_eq!(answer["message"], "受理机构必须传入sub_mch_id");
}

#[tokio::test]
async fn an_order_of_v3_belongs_to_one_sub_merchant() {
    let sim = TestSimulator::with_provider().await;
    let (status, placed) =
        sim.partner("POST", "/v3/pay/partner/transactions/jsapi", sim.partner_order("order1")).await;
    assert_eq!(status, 200, "{placed}");
    sim.control("pay", json!({ "out_trade_no": "order1", "mch_id": PROVIDER, "outcome": "ok" })).await;
    let query = |sub: &str| {
        format!("/v3/pay/partner/transactions/out-trade-no/order1?sp_mchid={PROVIDER}&sub_mchid={sub}")
    };
    let (_, answer) = sim.partner("GET", &query(OTHER_SUB), Value::Null).await;
    assert_eq!(answer["message"], "子商户号和订单信息不匹配");
    let (status, answer) = sim.partner("GET", &query(SUB), Value::Null).await;
    assert_eq!((status, &answer["trade_state"]), (200, &json!("SUCCESS")));
    assert_eq!(answer["payer"], json!({ "sp_openid": sim.openid }));
    assert!(answer.get("mchid").is_none() && answer["sub_mchid"] == SUB, "{answer}");

    let refunds = "/v3/refund/domestic/refunds";
    let mut refund = json!({
        "out_trade_no": "order1", "out_refund_no": "refund1",
        "amount": { "refund": 1, "total": 1990, "currency": "CNY" },
    });
    let (_, answer) = sim.partner("POST", refunds, refund.clone()).await;
    assert_eq!(answer["message"], "受理机构必须传入sub_mch_id");
    refund["sub_mchid"] = SUB.into();
    assert_eq!(sim.partner("POST", refunds, refund).await.0, 200);
    let (status, _) = sim.partner("GET", &format!("{refunds}/refund1?sub_mchid={SUB}"), Value::Null).await;
    assert_eq!(status, 200);
    let (status, _) =
        sim.partner("GET", &format!("{refunds}/refund1?sub_mchid={OTHER_SUB}"), Value::Null).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn each_mistake_of_a_provider_in_v2_has_its_message() {
    let sim = TestSimulator::with_provider().await;
    let order = || sim.order("order1").with("sub_mch_id", SUB);
    for (fields, message) in [
        (sim.order("order1"), "受理机构必须传入sub_mch_id"),
        (order().with("sub_mch_id", PROVIDER), "子商户mchid不能与自身mchid相同"),
        (order().with("sub_mch_id", "1900000299"), "受理关系不存在"),
        (order().with("sub_appid", PROVIDERS_APPID), "sub_mch_id与sub_appid不匹配"),
        (order().with("sub_openid", sim.openid.clone()), "openid和sub_openid二选一"),
    ] {
        let reply = sim.call("/pay/unifiedorder", fields).await;
        assert_eq!(reply.get("return_msg"), Some(message), "{}", xml::write(&reply));
    }
    let reply = sim.call("/pay/unifiedorder", order()).await;
    assert_eq!(reply.get("result_code"), Some("SUCCESS"), "{}", xml::write(&reply));
    assert_eq!((reply.get("sub_mch_id"), reply.get("appid")), (Some(SUB), Some(PROVIDERS_APPID)));
    let query = |sub: &str| -> Fields {
        sim.signed_as("HMAC-SHA256").with("out_trade_no", "order1").with("sub_mch_id", sub)
    };
    assert_eq!(sim.call("/pay/orderquery", query(SUB)).await.get("trade_state"), Some("NOTPAY"));
    let reply = sim.call("/pay/orderquery", query(OTHER_SUB)).await;
    assert_eq!(reply.get("err_code"), Some("ORDERNOTEXIST"), "{}", xml::write(&reply));
}

#[tokio::test]
async fn a_wrong_sub_merchant_in_a_seed_is_named() {
    for (sub, why) in [
        (r#"{ mch_id = "1900000200" }"#, "the provider itself"),
        (r#"{ mch_id = "1900000209", appids = ["wx0"] }"#, "wx0 is not an account here"),
        (r#"{ mch_id = "1900000209" }, { mch_id = "1900000209" }"#, "is there twice"),
    ] {
        let seed = format!("[[merchants]]\nmch_id = \"{PROVIDER}\"\nsub_merchants = [{sub}]");
        let config = Config {
            seed: Seed::from_toml(&seed).unwrap(),
            ..Config::on_free_ports("http://127.0.0.1:9".parse().unwrap())
        };
        let error = Simulator::start(config).await.err().unwrap().to_string();
        assert!(error.contains("sub_merchants") && error.contains(why), "{error}");
    }
}
