use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use wechat::wire::{
    Fields,
    sign::{SignType, verify},
    xml,
};

use crate::{fake_shop::ACKNOWLEDGE, test_simulator::TestSimulator};

#[track_caller]
fn attempts(ledger: &Value) -> &Vec<Value> {
    ledger["notifications"][0]["attempts"].as_array().unwrap()
}

#[track_caller]
fn acknowledged(ledger: &Value) -> bool {
    let notifications = ledger["notifications"].as_array().unwrap();
    !notifications.is_empty() && notifications.iter().all(|each| each["acknowledged"] == true)
}

impl TestSimulator {
    async fn place_and_pay_order(&self, out_trade_no: &str) {
        self.place_order(out_trade_no).await;
        self.pay_order(out_trade_no).await;
    }

    async fn attempted(&self, times: usize) -> Value {
        self.until(|ledger| {
            ledger["notifications"].as_array().is_some_and(|all| !all.is_empty())
                && attempts(ledger).len() >= times
        })
        .await
    }

    #[track_caller]
    fn notified(&self) -> Vec<Fields> {
        self.shop.received().iter().map(|each| xml::parse(each.body.as_bytes()).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_payment_notification_uses_the_sign_type_of_the_order() {
    let sim = TestSimulator::start().await;
    sim.place_and_pay_order("order1").await;
    let ledger = sim.until(acknowledged).await;
    assert_eq!(ledger["notifications"][0]["kind"], "payment");
    assert_eq!(attempts(&ledger)[0]["status"], 200);
    let received = sim.shop.received().remove(0);
    assert_eq!(received.headers["content-type"], "text/xml");
    let fields = &sim.notified()[0];
    assert!(verify(fields, &sim.account("api_v2_key"), SignType::HmacSha256));
    for (name, value) in [("out_trade_no", "order1"), ("total_fee", "1990"), ("attach", "a & b")] {
        assert_eq!(fields.get(name), Some(value));
    }
    assert_eq!(ledger["orders"][0]["transaction_id"], fields.get("transaction_id").unwrap());
}

#[tokio::test]
async fn coupons_and_unknown_fields_are_numbered_and_signed() {
    let sim = TestSimulator::start().await;
    for number in 0..4 {
        sim.place_and_pay_order(&format!("order{number}")).await;
        sim.until(acknowledged).await;
    }
    let all = sim.notified();
    assert!(all.iter().all(|each| verify(each, &sim.account("api_v2_key"), SignType::HmacSha256)));
    let has = |name: &str| all.iter().map(|each| each.get(name).is_some()).collect::<Vec<_>>();
    assert_eq!(has("sign_type"), [false, true, false, true]);
    assert_eq!(has("xiaodian_future_field"), [false, true, false, false]);
    assert_eq!(has("coupon_fee"), [false, false, true, false]);
    assert_eq!(all[2].get("cash_fee"), Some("1989"));
}

#[tokio::test]
async fn a_notification_without_acknowledgement_is_repeated_by_the_schedule() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    sim.place_and_pay_order("order1").await;
    sim.attempted(1).await;
    sim.advance(14).await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(attempts(&sim.ledger().await).len(), 1, "not before 15 seconds");
    sim.advance(1).await;
    sim.attempted(2).await;
    // the clock passes the second 15 s and the 30 s: both attempts are due
    sim.advance(45).await;
    sim.attempted(4).await;
    sim.shop.respond_with(|_| Response::new(Body::from(ACKNOWLEDGE)));
    sim.advance(180).await;
    let ledger = sim.until(acknowledged).await;
    let statuses: Vec<_> = attempts(&ledger).iter().map(|each| each["status"].clone()).collect();
    assert_eq!(statuses, [500, 500, 500, 500, 200]);
    assert_eq!(ledger["notifications"][0]["next_at"], Value::Null);
}

#[tokio::test]
async fn delivery_stops_after_sixteen_attempts_in_a_day() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(|_| Response::new(Body::from("success")));
    sim.place_and_pay_order("order1").await;
    sim.attempted(1).await;
    sim.advance(25 * 3600).await;
    let ledger = sim.until(|ledger| ledger["notifications"][0]["next_at"].is_null()).await;
    assert_eq!(attempts(&ledger).len(), 16);
    assert_eq!(ledger["notifications"][0]["acknowledged"], false);
}

#[tokio::test]
async fn a_redirect_or_another_response_is_no_acknowledgement() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(|_| (StatusCode::CREATED, ACKNOWLEDGE).into_response());
    sim.place_and_pay_order("order1").await;
    let ledger = sim.attempted(1).await;
    assert_eq!(attempts(&ledger)[0]["acknowledged"], false);
    sim.shop.respond_with(|_| (StatusCode::FOUND, [("location", "/elsewhere")], ACKNOWLEDGE).into_response());
    sim.advance(15).await;
    let ledger = sim.attempted(2).await;
    assert_eq!(attempts(&ledger)[1]["acknowledged"], false);
}

#[tokio::test]
async fn a_response_after_five_seconds_is_too_late() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(|_| {
        let never = futures::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
        Response::new(Body::from_stream(never))
    });
    sim.place_and_pay_order("order1").await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let ledger = sim.attempted(1).await;
    assert_eq!(attempts(&ledger)[0]["note"], "no answer in 5 s");
}

#[tokio::test]
async fn a_dropped_notification_does_not_arrive_but_the_next_one_does() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "drop": 1 })).await;
    sim.place_and_pay_order("order1").await;
    let ledger = sim.attempted(1).await;
    assert_eq!(
        (&attempts(&ledger)[0]["status"], &attempts(&ledger)[0]["note"]),
        (&Value::Null, &json!("dropped"))
    );
    assert!(sim.shop.received().is_empty());
    sim.advance(15).await;
    sim.until(acknowledged).await;
    assert_eq!(sim.shop.received().len(), 1);
}

#[tokio::test]
async fn a_duplicated_notification_arrives_the_requested_number_of_times() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "duplicate": 2 })).await;
    sim.place_and_pay_order("order1").await;
    let ledger = sim.until(acknowledged).await;
    assert_eq!(attempts(&ledger).len(), 3);
    let received = sim.shop.received();
    assert!(received.len() == 3 && received.iter().all(|each| each.body == received[0].body));
}

#[tokio::test]
async fn a_delayed_notification_waits_for_the_clock() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "delay_s": 60 })).await;
    sim.place_and_pay_order("order1").await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(sim.shop.received().is_empty());
    sim.advance(60).await;
    sim.until(acknowledged).await;
}

#[tokio::test]
async fn reordered_notifications_arrive_newest_first() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "reorder": 2 })).await;
    sim.place_and_pay_order("order1").await;
    sim.place_and_pay_order("order2").await;
    sim.until(acknowledged).await;
    let order: Vec<_> =
        sim.notified().iter().map(|each| each.get("out_trade_no").unwrap().to_owned()).collect();
    assert_eq!(order, ["order2", "order1"]);
}

#[tokio::test]
async fn held_notifications_are_sent_when_the_control_is_cleared() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "reorder": 2 })).await;
    sim.place_and_pay_order("order1").await;
    sim.control("notifications", json!({})).await;
    sim.until(acknowledged).await;
}

#[tokio::test]
async fn an_acknowledged_forgery_does_not_acknowledge_the_genuine_notification() {
    let sim = TestSimulator::start().await;
    sim.control("notifications", json!({ "tamper": { "kind": "sign", "times": 1 } })).await;
    sim.place_and_pay_order("order1").await;
    let ledger = sim.attempted(1).await;
    assert_eq!(attempts(&ledger)[0]["note"], "tampered: Sign");
    assert_eq!(ledger["notifications"][0]["acknowledged"], false);
    sim.advance(15).await;
    sim.until(acknowledged).await;
    let verified: Vec<bool> = sim
        .notified()
        .iter()
        .map(|each| verify(each, &sim.account("api_v2_key"), SignType::HmacSha256))
        .collect();
    assert_eq!(verified, [false, true]);
}
