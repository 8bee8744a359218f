//! Deliveries of a mini program's orders.

use axum::{body::Body, response::Response};
use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

struct MiniProgram {
    sim: TestSimulator,
    token: String,
    openid: String,
}

impl MiniProgram {
    async fn start() -> Self {
        let sim = TestSimulator::start().await;
        sim.shop.respond_with(|path| {
            Response::new(Body::from(if path == "/notify" {
                crate::fake_shop::ACKNOWLEDGE
            } else {
                "success"
            }))
        });
        let openid = text(&sim.json("/_simulator/users").await[0]["miniprogram_openid"]);
        let program = Self { sim, token: String::new(), openid };
        Self { token: program.new_token().await, ..program }
    }

    async fn new_token(&self) -> String {
        let (appid, secret) = (self.sim.account("miniprogram_appid"), self.sim.account("miniprogram_secret"));
        let query = format!("grant_type=client_credential&appid={appid}&secret={secret}");
        text(&self.sim.json(&format!("/cgi-bin/token?{query}")).await["access_token"])
    }

    async fn call(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}?access_token={}", self.sim.simulator.url(), self.token);
        self.sim.client.post(url).json(&body).send().await.unwrap().json().await.unwrap()
    }

    /// A paid order of the mini program.
    async fn paid(&self, out_trade_no: &str) {
        let mut fields = self.sim.order(out_trade_no);
        fields.remove("sign");
        fields.set("appid", self.sim.account("miniprogram_appid"));
        fields.set("openid", &self.openid);
        let reply = self.sim.call("/pay/unifiedorder", fields).await;
        assert!(reply.get("prepay_id").is_some());
        self.sim.pay_order(out_trade_no).await;
    }

    fn upload(&self, out_trade_no: &str, at_s: i64, parcels: &[&str]) -> Value {
        let list: Vec<Value> = parcels
            .iter()
            .map(|number| json!({ "tracking_no": number, "express_company": "YTO", "item_desc": "mug" }))
            .collect();
        let is_split = parcels.len() > 1;
        let mut body = json!({
            "order_key": { "order_number_type": 1, "mchid": self.sim.account("mch_id"), "out_trade_no": out_trade_no },
            "logistics_type": 1,
            "delivery_mode": if is_split { 2 } else { 1 },
            "shipping_list": list,
            "upload_time": format!("2030-01-01T00:00:{at_s:02}.120+08:00"),
            "payer": { "openid": self.openid },
        });
        if is_split {
            body["is_all_delivered"] = true.into();
        }
        body
    }

    async fn ship(&self, body: Value) -> i64 {
        self.call("/wxa/sec/order/upload_shipping_info", body).await["errcode"].as_i64().unwrap()
    }

    async fn order(&self, out_trade_no: &str) -> Value {
        let query = json!({ "merchant_id": self.sim.account("mch_id"), "merchant_trade_no": out_trade_no });
        self.call("/wxa/sec/order/get_order", query).await["order"].clone()
    }
}

#[tokio::test]
async fn a_delivery_goes_from_unshipped_to_confirmed() {
    let program = MiniProgram::start().await;
    program.paid("order1").await;
    let unshipped = program.order("order1").await;
    assert_eq!((&unshipped["order_state"], &unshipped["shipping"]), (&json!(1), &json!({})));
    assert_eq!(program.ship(program.upload("order1", 1, &["A1", "A2"])).await, 0);
    let shipped = program.order("order1").await;
    assert_eq!(shipped["order_state"], 2);
    assert_eq!(shipped["shipping"]["finish_shipping_count"], 1);
    assert_eq!(shipped["shipping"]["shipping_list"][1]["tracking_no"], "A2");
    assert_eq!(program.sim.json("/_simulator/ledger").await["deliveries"], json!([shipped]));
    let confirmed = program.sim.control("confirm-receipt", json!({ "out_trade_no": "order1" })).await;
    assert_eq!(confirmed["order_state"], 3);
    let again = program.sim.try_control("confirm-receipt", json!({ "out_trade_no": "order1" })).await;
    assert_eq!(again.0, 409);
    assert_eq!(program.ship(program.upload("order1", 9, &["A9"])).await, 10_060_004);
    // one push when the delivery is complete, one when the money is settled
    let pushed = || program.sim.shop.received().iter().filter(|each| each.body.contains("Encrypt")).count();
    for _ in 0..100 {
        if pushed() == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{} messages were pushed", pushed());
}

#[tokio::test]
async fn a_complete_delivery_is_repeated_once_and_the_same_delivery_never() {
    let program = MiniProgram::start().await;
    program.paid("order1").await;
    let first = program.upload("order1", 1, &["A1"]);
    assert_eq!(program.ship(first.clone()).await, 0);
    assert_eq!(program.ship(first).await, 10_060_023);
    assert_eq!(program.ship(program.upload("order1", 1, &["B1"])).await, 268_485_216, "not later");
    assert_eq!(program.ship(program.upload("order1", 2, &["B1"])).await, 0);
    assert_eq!(program.ship(program.upload("order1", 3, &["C1"])).await, 10_060_003);
    let order = program.order("order1").await;
    assert_eq!(order["shipping"]["finish_shipping_count"], 2);
}

#[tokio::test]
async fn another_mode_of_an_incomplete_delivery_uses_up_the_repetition() {
    let program = MiniProgram::start().await;
    let part = |number: &str| {
        let mut body = program.upload(number, 1, &["A1"]);
        body["delivery_mode"] = 2.into();
        body["is_all_delivered"] = false.into();
        body
    };
    program.paid("order1").await;
    assert_eq!(program.ship(part("order1")).await, 0);
    assert_eq!(program.ship(program.upload("order1", 2, &["A1"])).await, 0, "the mode changes");
    assert_eq!(program.ship(program.upload("order1", 3, &["B1"])).await, 10_060_003);
    program.paid("order2").await;
    assert_eq!(program.ship(part("order2")).await, 0);
    let mut whole = part("order2");
    whole["is_all_delivered"] = true.into();
    whole["upload_time"] = "2030-01-01T00:00:02.120+08:00".into();
    assert_eq!(program.ship(whole).await, 0, "the mode stays");
    assert_eq!(program.ship(program.upload("order2", 3, &["B1"])).await, 0);
}

#[tokio::test]
async fn each_mistake_in_a_delivery_has_its_code() {
    let program = MiniProgram::start().await;
    program.paid("order1").await;
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut body = program.upload("order1", 1, &["A1"]);
        change(&mut body);
        body
    };
    for (what, body, code) in [
        ("payment", changed(&|body| body["order_key"]["out_trade_no"] = "order2".into()), 10_060_001),
        ("number type", changed(&|body| body["order_key"]["order_number_type"] = 3.into()), 268_485_194),
        ("mchid", changed(&|body| body["order_key"]["mchid"] = "".into()), 268_485_196),
        ("transaction", changed(&|body| body["order_key"] = json!({ "order_number_type": 2 })), 268_485_195),
        ("logistics", changed(&|body| body["logistics_type"] = 5.into()), 10_060_005),
        ("mode", changed(&|body| body["delivery_mode"] = 3.into()), 268_485_224),
        ("all", changed(&|body| body["delivery_mode"] = 2.into()), 10_060_007),
        (
            "split without express",
            changed(&|body| {
                body["delivery_mode"] = 2.into();
                body["logistics_type"] = 4.into();
            }),
            10_060_006,
        ),
        ("two parcels", changed(&|body| body["shipping_list"] = json!([{}, {}])), 268_485_228),
        ("no parcel", changed(&|body| body["shipping_list"] = json!([])), 10_060_014),
        ("no goods", changed(&|body| body["shipping_list"][0]["item_desc"] = "".into()), 10_060_008),
        (
            "long goods",
            changed(&|body| body["shipping_list"][0]["item_desc"] = "x".repeat(121).into()),
            10_060_009,
        ),
        ("no number", changed(&|body| body["shipping_list"][0]["tracking_no"] = "".into()), 268_485_226),
        ("no company", changed(&|body| body["shipping_list"][0]["express_company"] = "".into()), 268_485_227),
        (
            "no telephone",
            changed(&|body| body["shipping_list"][0]["express_company"] = "SF".into()),
            10_060_014,
        ),
        ("time", changed(&|body| body["upload_time"] = "2030-01-01 00:00:00".into()), 268_485_216),
        ("payer", changed(&|body| body["payer"]["openid"] = "oAnother".into()), 10_060_031),
    ] {
        assert_eq!(program.ship(body).await, code, "{what}");
    }
    let masked = changed(&|body| {
        body["shipping_list"][0]["express_company"] = "SF".into();
        body["shipping_list"][0]["contact"] = json!({ "receiver_contact": "189****1234" });
    });
    assert_eq!(program.ship(masked).await, 0);
    let parcels: Vec<String> = (0..16).map(|number| number.to_string()).collect();
    let parcels: Vec<&str> = parcels.iter().map(String::as_str).collect();
    program.paid("order3").await;
    assert_eq!(program.ship(program.upload("order3", 1, &parcels)).await, 10_060_024);
    assert_eq!(program.ship(program.upload("order3", 1, &parcels[..15])).await, 0);
}

#[tokio::test]
async fn a_reminder_is_for_a_shipped_parcel_and_only_once() {
    let program = MiniProgram::start().await;
    program.paid("order1").await;
    let mch_id = program.sim.account("mch_id");
    let remind = async |received: i64| {
        let body = json!({ "merchant_id": mch_id, "merchant_trade_no": "order1", "received_time": received });
        program.call("/wxa/sec/order/notify_confirm_receive", body).await["errcode"].as_i64().unwrap()
    };
    let now = wechat::time::parse_rfc3339(&text(&program.sim.ledger().await["now"])).unwrap();
    assert_eq!(remind(now).await, 10_060_028);
    assert_eq!(program.ship(program.upload("order1", 1, &["A1"])).await, 0);
    assert_eq!(remind(now * 1000).await, 10_060_029, "milliseconds");
    assert_eq!(remind(i64::MAX).await, 10_060_029);
    assert_eq!(remind(i64::MIN).await, 10_060_029);
    assert_eq!(remind(now).await, 0);
    assert_eq!(remind(now).await, 10_060_030);
}

#[tokio::test]
async fn an_order_without_a_confirmation_is_settled_after_ten_days() {
    let program = MiniProgram::start().await;
    program.paid("order1").await;
    assert_eq!(program.ship(program.upload("order1", 1, &["A1"])).await, 0);
    program.sim.advance(10 * 86_400).await;
    // the token of the start has expired
    let fresh = MiniProgram { token: program.new_token().await, ..program };
    assert_eq!(fresh.order("order1").await["order_state"], 4);
}

#[tokio::test]
async fn a_service_accounts_token_is_refused_and_the_companies_are_listed() {
    let program = MiniProgram::start().await;
    let managed = program.call(
        "/wxa/sec/order/is_trade_managed",
        json!({ "appid": program.sim.account("miniprogram_appid") }),
    );
    assert_eq!(managed.await["is_trade_managed"], true);
    let companies = program.call("/cgi-bin/express/delivery/open_msg/get_delivery_list", json!({})).await;
    assert!(companies["delivery_list"].as_array().unwrap().iter().any(|each| each["delivery_id"] == "YTO"));
    let (appid, secret) = (program.sim.account("appid"), program.sim.account("secret"));
    let query = format!("grant_type=client_credential&appid={appid}&secret={secret}");
    let token = text(&program.sim.json(&format!("/cgi-bin/token?{query}")).await["access_token"]);
    let service = MiniProgram { token, ..program };
    assert_eq!(service.ship(json!({})).await, 48_001);
}
