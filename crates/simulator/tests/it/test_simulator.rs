//! The fixture of the tests: a simulator, a fake shop, and a client of Pay V2.

use std::time::Duration;

use reqwest::{Response, redirect::Policy};
use serde_json::{Value, json};
use simulator::{Config, Running, Simulator};
use wechat::wire::{
    Fields,
    sign::{SignType, sign},
    xml,
};

use crate::fake_shop::FakeShop;

pub(crate) const WECHAT: &str = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.49";

pub(crate) struct TestSimulator {
    pub(crate) simulator: Running,
    pub(crate) shop: FakeShop,
    pub(crate) account: Value,
    pub(crate) client: reqwest::Client,
    /// The OpenID of the demo user.
    pub(crate) openid: String,
}

impl TestSimulator {
    pub(crate) async fn start() -> Self {
        let shop = FakeShop::start().await;
        let simulator = Simulator::start(Config::on_free_ports(shop.url.clone())).await.unwrap();
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let mut sim = Self { simulator, shop, account: Value::Null, client, openid: String::new() };
        sim.account = sim.json("/_simulator/account").await;
        sim.openid = text(&sim.json("/_simulator/users").await[0]["openid"]);
        sim
    }

    pub(crate) fn account(&self, name: &str) -> String {
        text(&self.account[name])
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.simulator.url())).send().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    /// Calls a control. The control must accept the call.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_control(path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) async fn try_control(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/_simulator/{path}", self.simulator.url());
        let answer = self.client.post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        self.control("clock", json!({ "advance_s": seconds })).await;
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.json("/_simulator/ledger").await
    }

    /// Waits until the ledger has this content.
    pub(crate) async fn until(&self, shown: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..200 {
            let ledger = self.ledger().await;
            if shown(&ledger) {
                return ledger;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("time-out with this ledger: {:#}", self.ledger().await);
    }

    /// A valid JSAPI order.
    pub(crate) fn order(&self, out_trade_no: &str) -> Fields {
        self.signed_as("HMAC-SHA256")
            .with("body", "小店-龙井茶")
            .with("out_trade_no", out_trade_no)
            .with("total_fee", "1990")
            .with("spbill_create_ip", "127.0.0.1")
            .with("notify_url", self.shop.notify_url())
            .with("trade_type", "JSAPI")
            .with("openid", self.openid.as_str())
            .with("attach", "a & b")
    }

    /// The common fields of V2 calls.
    pub(crate) fn signed_as(&self, sign_type: &str) -> Fields {
        Fields::new()
            .with("appid", self.account("appid"))
            .with("mch_id", self.account("mch_id"))
            .with("nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS")
            .with("sign_type", sign_type)
    }

    pub(crate) fn sign(&self, fields: Fields) -> Fields {
        let sign_type: SignType = fields.get("sign_type").unwrap_or("MD5").parse().unwrap_or_default();
        let sign = sign(&fields, &self.account("api_v2_key"), sign_type);
        fields.with("sign", sign)
    }

    /// Signs and sends a call, and parses the response.
    pub(crate) async fn call(&self, path: &str, fields: Fields) -> Fields {
        self.send(path, xml::write(&self.sign(fields))).await
    }

    pub(crate) async fn send(&self, path: &str, body: impl Into<reqwest::Body>) -> Fields {
        let url = format!("{}{path}", self.simulator.url());
        let answer = self.client.post(url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        xml::parse(&answer.bytes().await.unwrap()).unwrap()
    }

    /// Places an order and returns its `prepay_id`.
    pub(crate) async fn place_order(&self, out_trade_no: &str) -> String {
        let reply = self.call("/pay/unifiedorder", self.order(out_trade_no)).await;
        reply.get("prepay_id").unwrap_or_else(|| panic!("{}", xml::write(&reply))).to_owned()
    }

    pub(crate) async fn pay_order(&self, out_trade_no: &str) {
        self.control("pay", json!({ "out_trade_no": out_trade_no, "outcome": "ok" })).await;
    }

    pub(crate) async fn query(&self, out_trade_no: &str) -> Fields {
        let query = self.signed_as("HMAC-SHA256").with("out_trade_no", out_trade_no);
        self.call("/pay/orderquery", query).await
    }
}

#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
