use serde_json::{Value, json};
use wechat::wire::rsa::PrivateKey;

use crate::test_simulator::{TestSimulator, text};

const CREATE: &str = "/v3/combine-transactions/jsapi";

impl TestSimulator {
    fn combined_order(&self, number: &str, parts: &[(&str, i64)]) -> Value {
        let part = |(number, total): &(&str, i64)| {
            json!({
                "mchid": self.account("mch_id"),
                "attach": format!("of {number}"),
                "amount": { "total_amount": total, "currency": "CNY" },
                "out_trade_no": number,
                "description": "小店-龙井茶",
            })
        };
        json!({
            "combine_appid": self.account("appid"),
            "combine_mchid": self.account("mch_id"),
            "combine_out_trade_no": number,
            "scene_info": { "device_id": "POS1:123", "payer_client_ip": "127.0.0.1" },
            "sub_orders": parts.iter().map(part).collect::<Vec<_>>(),
            "combine_payer_info": { "openid": self.openid },
            "notify_url": self.shop.notify_url(),
        })
    }

    async fn place_combined_order(&self, number: &str) -> String {
        let parts = [(&*format!("{number}-1"), 1000), (&*format!("{number}-2"), 990)];
        let (status, answer) = self.v3("POST", CREATE, self.combined_order(number, &parts)).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["prepay_id"])
    }

    async fn combine_query(&self, number: &str) -> (u16, Value) {
        self.v3("GET", &format!("/v3/combine-transactions/out-trade-no/{number}"), Value::Null).await
    }
}

#[tokio::test]
async fn one_notification_reports_all_combined_orders() {
    let sim = TestSimulator::start().await;
    sim.acknowledge_v3();
    sim.place_combined_order("combined1").await;
    let (_, open) = sim.combine_query("combined1").await;
    assert_eq!(open["sub_orders"][1]["trade_state"], "NOTPAY");
    assert!(open["combine_payer_info"].is_null() && open["sub_orders"][0]["transaction_id"].is_null());
    sim.control("pay", json!({ "combine_out_trade_no": "combined1", "outcome": "ok" })).await;
    let ledger = sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
    assert_eq!(ledger["notifications"][0]["out_trade_no"], "combined1");
    assert_eq!(ledger["combined"][0]["out_trade_nos"], json!(["combined1-1", "combined1-2"]));
    assert_eq!(ledger["orders"].as_array().unwrap().len(), 2);
    let received = sim.shop.received();
    assert_eq!(received.len(), 1);
    assert!(sim.is_signed(&received[0].headers, received[0].body.as_bytes()));
    let message: Value = serde_json::from_str(&received[0].body).unwrap();
    let reported = sim.decrypted(&message["resource"]);
    let (_, mut queried) = sim.combine_query("combined1").await;
    assert!(queried.as_object_mut().unwrap().remove("combine_transaction_id").is_some());
    assert_eq!(reported, queried);
    assert_eq!(reported["combine_payer_info"]["openid"], sim.openid);
    assert_eq!(reported["scene_info"]["device_id"], "POS1:123");
    let second = &reported["sub_orders"][1];
    assert_eq!(
        (&second["out_trade_no"], &second["attach"]),
        (&json!("combined1-2"), &json!("of combined1-2"))
    );
    assert_eq!(
        second["amount"],
        json!({ "total_amount": 990, "currency": "CNY", "payer_amount": 990, "payer_currency": "CNY" })
    );
    assert_ne!(second["transaction_id"], reported["sub_orders"][0]["transaction_id"]);
}

#[tokio::test]
async fn each_sub_order_is_refunded_by_its_number_and_listed_in_the_bill() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.place_combined_order("combined1").await;
    // a payment of any of its numbers pays all of them
    sim.pay_order("combined1-2").await;
    let refund = json!({
        "out_trade_no": "combined1-1",
        "out_refund_no": "r1",
        "amount": { "refund": 400, "total": 1000, "currency": "CNY" },
    });
    assert_eq!(sim.v3("POST", "/v3/refund/domestic/refunds", refund).await.0, 200);
    let (_, queried) = sim.combine_query("combined1").await;
    let states: Vec<_> = [0, 1].map(|at| queried["sub_orders"][at]["trade_state"].clone()).into();
    assert_eq!(states, ["REFUND", "SUCCESS"]);
    let (status, whole) = sim.v3_query("combined1").await;
    assert_eq!(status, 404, "{whole}");
    assert_eq!(sim.v3_query("combined1-1").await.0, 200);
    let date = sim.tomorrow_at(10).await;
    let bill = sim.bill("/pay/downloadbill", sim.trade_bill(&date, "ALL")).await;
    let bill = String::from_utf8(bill).unwrap();
    let sums = bill.lines().last().unwrap();
    assert_eq!(
        sums, "`3,`19.90,`4.00,`0.00,`0.10000,`19.90,`4.00",
        "each sub-order once, and not the combined order: {bill}"
    );
}

#[tokio::test]
async fn a_wrong_combined_order_is_refused_with_the_field_name() {
    let sim = TestSimulator::start().await;
    let two: [(&str, i64); 2] = [("order1", 1), ("order2", 2)];
    let good = sim.combined_order("combined1", &two);
    let with = |path: &str, value: Value| {
        let mut order = good.clone();
        *order.pointer_mut(path).unwrap() = value;
        order
    };
    let one = sim.combined_order("combined1", &two[..1]);
    let twice = sim.combined_order("combined1", &[two[0], two[0]]);
    for (order, field) in [
        (one, "/sub_orders"),
        (twice, "/sub_orders"),
        (with("/sub_orders/1/attach", json!("")), "/sub_orders/1/attach"),
        (with("/sub_orders/1/amount", json!({ "total": 1 })), "/sub_orders/1/amount/total"),
        (with("/sub_orders/0/mchid", json!("1900000000")), "/sub_orders/0/mchid"),
        (with("/combine_mchid", json!("1900000000")), "/combine_mchid"),
        (with("/combine_out_trade_no", json!("a b")), "/combine_out_trade_no"),
    ] {
        let (status, answer) = sim.v3("POST", CREATE, order).await;
        assert_eq!((status, &answer["detail"]["field"]), (400, &json!(field)), "{answer}");
    }
    let of_program = sim.json("/_simulator/users").await[0]["miniprogram_openid"].clone();
    let other = with("/combine_payer_info/openid", of_program);
    let (status, answer) = sim.v3("POST", CREATE, other).await;
    assert_eq!((status, &answer["code"]), (500, &json!("OPENID_MISMATCH")));
    assert_eq!(sim.ledger().await["orders"], json!([]));
}

#[tokio::test]
async fn a_repeated_combined_order_is_accepted_and_a_different_one_is_refused() {
    let sim = TestSimulator::start().await;
    let first = sim.place_combined_order("combined1").await;
    assert_ne!(sim.place_combined_order("combined1").await, first);
    let parts = [("combined1-1", 1), ("combined1-2", 2)];
    for number in ["combined1", "combined2"] {
        let (status, answer) = sim.v3("POST", CREATE, sim.combined_order(number, &parts)).await;
        assert_eq!((status, &answer["code"]), (403, &json!("OUT_TRADE_NO_USED")), "{number}");
    }
    // the numbers of combined orders are separate from those of orders
    let own = sim.combined_order("combined1-1", &[("combined3-1", 1), ("combined3-2", 2)]);
    assert_eq!(sim.v3("POST", CREATE, own).await.0, 200);
}

#[tokio::test]
async fn combined_orders_are_closed_together() {
    let sim = TestSimulator::start().await;
    sim.place_combined_order("combined1").await;
    let path = "/v3/combine-transactions/out-trade-no/combined1/close";
    let part = |number: &str| json!({ "mchid": "1900000109", "out_trade_no": number });
    let close = |parts: Vec<Value>| json!({ "combine_appid": sim.account("appid"), "sub_orders": parts });
    let (status, _) = sim.v3("POST", path, close(vec![part("combined1-1")])).await;
    assert_eq!(status, 400, "a close must list all sub-orders");
    let alone = "/v3/pay/transactions/out-trade-no/combined1-1/close";
    assert_eq!(sim.v3("POST", alone, json!({ "mchid": "1900000109" })).await.0, 404);
    let all = close(vec![part("combined1-2"), part("combined1-1")]);
    for _ in 0..2 {
        assert_eq!(sim.v3("POST", path, all.clone()).await, (204, Value::Null));
    }
    assert_eq!(sim.combine_query("combined1").await.1["sub_orders"][0]["trade_state"], "CLOSED");
    let pay = json!({ "combine_out_trade_no": "combined1", "outcome": "ok" });
    assert_eq!(sim.try_control("pay", pay).await.0, 409);
    sim.place_combined_order("combined2").await;
    sim.control("pay", json!({ "combine_out_trade_no": "combined2", "outcome": "ok" })).await;
    let paid = close(vec![part("combined2-2"), part("combined2-1")]);
    let path = "/v3/combine-transactions/out-trade-no/combined2/close";
    let (status, answer) = sim.v3("POST", path, paid).await;
    assert_eq!((status, &answer["code"]), (400, &json!("ORDER_PAID")));
}

#[tokio::test]
async fn each_trade_type_of_a_combined_order_has_its_response_field() {
    let sim = TestSimulator::start().await;
    let order = |number: &str| {
        let parts = [(&*format!("{number}-1"), 1), (&*format!("{number}-2"), 2)];
        let mut order = sim.combined_order(number, &parts);
        order.as_object_mut().unwrap().remove("combine_payer_info");
        order
    };
    let (_, native) = sim.v3("POST", "/v3/combine-transactions/native", order("native1")).await;
    assert!(text(&native["code_url"]).starts_with("weixin://"));
    let (_, app) = sim.v3("POST", "/v3/combine-transactions/app", order("app001")).await;
    assert_eq!(text(&app["prepay_id"]).len(), 36);
    let mut h5 = order("web001");
    assert_eq!(sim.v3("POST", "/v3/combine-transactions/h5", h5.clone()).await.0, 400);
    h5["scene_info"]["h5_info"] = json!({ "type": "Wap" });
    let (_, h5) = sim.v3("POST", "/v3/combine-transactions/h5", h5).await;
    assert!(text(&h5["h5_url"]).contains("checkmweb?prepay_id="));
    assert_eq!(sim.v3("POST", CREATE, order("order1")).await.0, 400, "JSAPI needs the payer");
}

#[tokio::test]
async fn a_page_pays_all_sub_orders_on_one_payment_sheet() {
    let sim = TestSimulator::start().await;
    let package = format!("prepay_id={}", sim.place_combined_order("combined1").await);
    let key = PrivateKey::from_pem(&sim.account("merchant_private_key_pem")).unwrap();
    let appid = sim.account("appid");
    let args = json!({
        "appId": appid,
        "timeStamp": "1795000000",
        "nonceStr": "ABC",
        "package": package,
        "signType": "RSA",
        "paySign": key.sign(format!("{appid}\n1795000000\nABC\n{package}\n").as_bytes()),
    });
    let answer = sim.bridge("getBrandWCPayRequest", args).await;
    assert_eq!(answer["sheet"]["amount"], "19.90", "{answer}");
    let prepay_id = text(&answer["sheet"]["prepay_id"]);
    let close = sim.signed_as("MD5").with("out_trade_no", "combined1-1");
    let alone = sim.call("/pay/closeorder", close).await;
    assert_eq!(alone.get("err_code"), Some("ORDERNOTEXIST"), "a sub-order cannot be closed alone");
    sim.control("pay", json!({ "prepay_id": prepay_id, "outcome": "ok" })).await;
    let orders = sim.ledger().await["orders"].as_array().unwrap().clone();
    assert!(orders.len() == 2 && orders.iter().all(|order| order["trade_state"] == "SUCCESS"));
}
