use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use serde_json::json;
use wechat::wire::{
    Fields, aes,
    sign::{SignType, verify},
    xml,
};

use crate::test_simulator::{TestSimulator, text};

fn get<'a>(reply: &'a Fields, name: &str) -> &'a str {
    reply.get(name).unwrap_or_default()
}

impl TestSimulator {
    /// A client with the merchant certificate.
    #[track_caller]
    pub(crate) fn with_certificate(&self) -> reqwest::Client {
        let pem = self.account("merchant_private_key_pem") + &self.account("merchant_cert_pem");
        reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap())
            .no_proxy()
            .build()
            .unwrap()
    }

    pub(crate) fn refund_fields(&self, out_trade_no: &str, out_refund_no: &str, fee: i64) -> Fields {
        self.signed_as("HMAC-SHA256")
            .with("out_trade_no", out_trade_no)
            .with("out_refund_no", out_refund_no)
            .with("total_fee", "1990")
            .with("refund_fee", fee.to_string())
    }

    pub(crate) async fn send_refund(&self, fields: Fields) -> Fields {
        let url = format!("{}/secapi/pay/refund", self.simulator.tls_url());
        let body = xml::write(&self.sign(fields));
        let answer = self.with_certificate().post(url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        xml::parse(&answer.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn refund(&self, out_trade_no: &str, out_refund_no: &str, fee: i64) -> Fields {
        self.send_refund(self.refund_fields(out_trade_no, out_refund_no, fee)).await
    }

    async fn refund_state(&self, out_refund_no: &str) -> String {
        let query = self.signed_as("HMAC-SHA256").with("out_refund_no", out_refund_no);
        get(&self.call("/pay/refundquery", query).await, "refund_status_0").to_owned()
    }

    pub(crate) async fn pay_order_without_coupon(&self, out_trade_no: &str) {
        self.control("account", json!({ "notification_extras": false })).await;
        self.place_order(out_trade_no).await;
        self.pay_order(out_trade_no).await;
    }

    #[track_caller]
    pub(crate) fn decrypted_refund(&self, message: &Fields) -> Option<Fields> {
        let key = hex::encode(Md5::digest(self.account("api_v2_key")));
        let encrypted = STANDARD.decode(message.get("req_info")?).unwrap();
        let plain = aes::decrypt_ecb(key.as_bytes().try_into().unwrap(), &encrypted).ok()?;
        xml::parse_rooted(&plain, "root").ok()
    }

    fn refund_messages(&self) -> Vec<Fields> {
        let received = self.shop.received();
        let all = received.iter().filter_map(|each| xml::parse(each.body.as_bytes()).ok());
        all.filter(|each| each.get("out_trade_no").is_none()).collect()
    }
}

#[track_caller]
fn assert_refused(reply: &Fields, code: &str) {
    assert_eq!((get(reply, "result_code"), get(reply, "err_code")), ("FAIL", code), "{reply:?}");
}

#[tokio::test]
async fn a_refund_needs_the_merchant_certificate() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    let body = xml::write(&sim.sign(sim.refund_fields("order1", "r1", 100)));
    for base in [sim.simulator.url(), sim.simulator.tls_url()] {
        let sent = sim.client.post(format!("{base}/secapi/pay/refund")).body(body.clone()).send().await;
        let answer = sent.unwrap();
        assert_eq!(answer.status(), 400);
        assert!(answer.text().await.unwrap().contains("400 No required SSL certificate was sent"));
    }
    assert_eq!(sim.ledger().await["refunds"], json!([]));
}

#[tokio::test]
async fn a_refund_is_accepted_processed_and_completed() {
    let sim = TestSimulator::start().await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 3600 })).await;
    sim.pay_order_without_coupon("order1").await;
    let reply = sim.refund("order1", "r1@1", 990).await;
    assert!(verify(&reply, &sim.account("api_v2_key"), SignType::HmacSha256));
    for (name, value) in [
        ("result_code", "SUCCESS"),
        ("out_refund_no", "r1@1"),
        ("refund_fee", "990"),
        ("total_fee", "1990"),
        ("cash_fee", "1990"),
        ("cash_refund_fee", "990"),
    ] {
        assert_eq!(get(&reply, name), value, "{name}");
    }
    assert_eq!(sim.refund_state("r1@1").await, "PROCESSING");
    assert_eq!(get(&sim.query("order1").await, "trade_state"), "REFUND");
    sim.advance(3601).await;
    assert_eq!(sim.refund_state("r1@1").await, "SUCCESS");
    let ledger = sim.ledger().await;
    assert_eq!(ledger["refunds"][0]["refund_id"], get(&reply, "refund_id"));
    assert_eq!(ledger["orders"][0]["trade_state"], "REFUND");
}

#[tokio::test]
async fn a_repeated_refund_number_returns_the_same_refund() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    let first = sim.refund("order1", "r1", 100).await;
    let again = sim.refund("order1", "r1", 100).await;
    assert_eq!(get(&first, "refund_id"), get(&again, "refund_id"));
    assert_refused(&sim.refund("order1", "r1", 200).await, "ERROR");
    assert_eq!(sim.ledger().await["refunds"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn refunds_cannot_exceed_the_payment() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    assert_refused(&sim.refund("order1", "r0", 1991).await, "PARAM_ERROR");
    let wrong_total = sim.refund_fields("order1", "r0", 100).with("total_fee", "2000");
    assert_refused(&sim.send_refund(wrong_total).await, "ERROR");
    assert_eq!(get(&sim.refund("order1", "r1", 1000).await, "result_code"), "SUCCESS");
    assert_refused(&sim.refund("order1", "r2", 991).await, "ERROR");
    assert_eq!(get(&sim.refund("order1", "r2", 990).await, "result_code"), "SUCCESS");
    let full = sim.refund("order1", "r3", 1).await;
    assert_refused(&full, "ERROR");
    assert_eq!(get(&full, "err_code_des"), "订单已全额退款");
}

#[tokio::test]
async fn the_limit_is_fifty_partial_refunds_and_a_query_returns_ten() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    for part in 0..50 {
        assert_eq!(get(&sim.refund("order1", &format!("r{part}"), 1).await, "result_code"), "SUCCESS");
    }
    assert_refused(&sim.refund("order1", "r50", 1).await, "ERROR");
    let query = sim.signed_as("HMAC-SHA256").with("out_trade_no", "order1").with("offset", "45");
    let page = sim.call("/pay/refundquery", query).await;
    assert_eq!((get(&page, "total_refund_count"), get(&page, "refund_count")), ("50", "5"));
    assert_eq!((get(&page, "out_refund_no_0"), page.get("out_refund_no_5")), ("r45", None));
}

#[tokio::test]
async fn an_unpaid_or_old_order_cannot_be_refunded() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    for number in ["order1", "order2"] {
        assert_refused(&sim.refund(number, "r1", 1).await, "ORDERNOTEXIST");
    }
    let mut by_transaction = sim.refund_fields("order1", "r1", 1).with("transaction_id", "42001");
    by_transaction.remove("out_trade_no");
    assert_refused(&sim.send_refund(by_transaction).await, "INVALID_TRANSACTIONID");
    sim.pay_order_without_coupon("order3").await;
    sim.advance(366 * 86400).await;
    assert_refused(&sim.refund("order3", "r1", 1).await, "TRADE_OVERDUE");
    let query = sim.signed_as("HMAC-SHA256").with("out_refund_no", "r1");
    assert_refused(&sim.call("/pay/refundquery", query).await, "REFUNDNOTEXIST");
}

#[tokio::test]
async fn each_field_of_a_refund_is_checked() {
    let sim = TestSimulator::start().await;
    for name in ["out_refund_no", "total_fee", "refund_fee", "nonce_str"] {
        let mut request = sim.refund_fields("order1", "r1", 1);
        request.remove(name);
        assert_eq!(get(&sim.send_refund(request).await, "return_msg"), format!("缺少参数{name}"));
    }
    for (name, value) in [
        ("out_refund_no", "r 1"),
        ("refund_fee", "0.01"),
        ("refund_account", "MINE"),
        ("notify_url", "https://a.example/?b"),
        ("refund_fee_type", "USD"),
    ] {
        let reply = sim.send_refund(sim.refund_fields("order1", "r1", 1).with(name, value)).await;
        assert_eq!(get(&reply, "return_msg"), format!("{name}参数格式错误"));
    }
    let mut unnamed = sim.refund_fields("order1", "r1", 1);
    unnamed.remove("out_trade_no");
    assert_eq!(get(&sim.send_refund(unnamed).await, "return_msg"), "缺少参数out_trade_no");
}

#[tokio::test]
async fn a_completed_refund_has_an_encrypted_notification() {
    let sim = TestSimulator::start().await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 60 })).await;
    sim.pay_order_without_coupon("order1").await;
    let request = sim.refund_fields("order1", "r1", 100).with("notify_url", sim.shop.notify_url());
    sim.send_refund(request).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(sim.refund_messages().is_empty(), "not before");
    sim.advance(60).await;
    sim.until(|ledger| ledger["notifications"][1]["acknowledged"] == true).await;
    let message = sim.refund_messages().remove(0);
    assert_eq!((get(&message, "return_code"), message.get("sign")), ("SUCCESS", None));
    let plain = sim.decrypted_refund(&message).unwrap();
    for (name, value) in [
        ("out_trade_no", "order1"),
        ("out_refund_no", "r1"),
        ("refund_fee", "100"),
        ("total_fee", "1990"),
        ("refund_status", "SUCCESS"),
        ("refund_request_source", "API"),
    ] {
        assert_eq!(get(&plain, name), value);
    }
    assert_eq!(get(&plain, "success_time").len(), 19);
}

#[tokio::test]
async fn a_refund_can_end_as_closed_or_abnormal() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    for (outcome, status) in [("closed", "REFUNDCLOSE"), ("abnormal", "CHANGE")] {
        sim.control("refund", json!({ "outcome": outcome, "after_s": 0, "times": 1 })).await;
        let request = sim.refund_fields("order1", outcome, 1990).with("notify_url", sim.shop.notify_url());
        assert_eq!(get(&sim.send_refund(request).await, "result_code"), "SUCCESS");
        assert_eq!(sim.refund_state(outcome).await, status);
    }
    // a closed refund returns the money to the merchant, an abnormal one does not
    assert_refused(&sim.refund("order1", "r3", 1).await, "ERROR");
    sim.until(|ledger| ledger["notifications"][2]["acknowledged"] == true).await;
    let mut reported: Vec<String> = (sim.refund_messages().iter())
        .map(|each| get(&sim.decrypted_refund(each).unwrap(), "refund_status").to_owned())
        .collect();
    reported.sort_unstable();
    assert_eq!(reported, ["CHANGE", "REFUNDCLOSE"]);
}

#[tokio::test]
async fn coupons_are_refunded_in_proportion_to_the_last_fen() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.control("pay", json!({ "out_trade_no": "order1", "outcome": "ok", "coupon_fee": 91 })).await;
    let mut coupons = Vec::new();
    for (number, fee) in [("r1", 995), ("r2", 1), ("r3", 994)] {
        let reply = sim.refund("order1", number, fee).await;
        let cash: i64 = get(&reply, "cash_refund_fee").parse().unwrap();
        let coupon: i64 = get(&reply, "coupon_refund_fee").parse().unwrap();
        assert_eq!(cash + coupon, fee);
        assert_eq!(reply.get("coupon_refund_fee_0").is_some(), coupon > 0);
        coupons.push(coupon);
    }
    assert_eq!(coupons.iter().sum::<i64>(), 91);
    assert_eq!(coupons[0], 45);
}

#[tokio::test]
async fn a_refund_of_the_merchant_platform_is_notified_at_its_configured_url() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    sim.control("account", json!({ "refund_notify_url": sim.shop.notify_url() })).await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 0 })).await;
    let made = sim.control("refund", json!({ "out_trade_no": "order1", "refund_fee": 990 })).await;
    sim.until(|ledger| ledger["notifications"][1]["acknowledged"] == true).await;
    let plain = sim.decrypted_refund(&sim.refund_messages()[0]).unwrap();
    assert_eq!(get(&plain, "out_refund_no"), text(&made["out_refund_no"]));
    assert_eq!(get(&plain, "refund_request_source"), "VENDOR_PLATFORM");
    let too_much = json!({ "out_trade_no": "order1", "refund_fee": 1001 });
    assert_eq!(sim.try_control("refund", too_much).await.0, 409);
    let unknown = json!({ "out_trade_no": "order9", "refund_fee": 1 });
    assert_eq!(sim.try_control("refund", unknown).await.0, 404);
    assert_eq!(sim.try_control("refund", json!({ "outcome": "maybe" })).await.0, 400);
}

#[tokio::test]
async fn a_refund_notification_with_another_key_is_not_readable_and_is_repeated() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 0 })).await;
    sim.control("notifications", json!({ "tamper": { "kind": "sign", "times": 1 } })).await;
    sim.send_refund(sim.refund_fields("order1", "r1", 1).with("notify_url", sim.shop.notify_url())).await;
    let tried = |ledger: &serde_json::Value| ledger["notifications"][1]["attempts"][0].is_object();
    sim.until(tried).await;
    assert!(sim.decrypted_refund(&sim.refund_messages()[0]).is_none());
    sim.advance(16).await;
    sim.until(|ledger| ledger["notifications"][1]["acknowledged"] == true).await;
    assert!(sim.decrypted_refund(&sim.refund_messages()[1]).is_some());
}

#[tokio::test]
async fn a_query_can_miss_a_completed_refund() {
    let sim = TestSimulator::start().await;
    sim.pay_order_without_coupon("order1").await;
    sim.control("faults", json!({ "endpoint": "refund", "kind": "system_error_after", "times": 1 })).await;
    assert_refused(&sim.refund("order1", "r1", 1).await, "SYSTEMERROR");
    assert_eq!(sim.ledger().await["refunds"].as_array().unwrap().len(), 1);
    assert_eq!(get(&sim.refund("order1", "r1", 1).await, "result_code"), "SUCCESS");
    assert_eq!(sim.ledger().await["refunds"].as_array().unwrap().len(), 1);
}
