//! The controls `trigger`, `resend`, `ready` and `reset`.

use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

#[tokio::test]
async fn a_trigger_makes_everything_that_its_event_needs() {
    let sim = TestSimulator::start().await;
    for (event, api, state) in [
        ("order", "v3", "NOTPAY"),
        ("payment", "v2", "SUCCESS"),
        ("close", "v3", "CLOSED"),
        ("refund", "v2", "REFUND"),
        ("refund-closed", "v2", "REFUND"),
        ("refund-abnormal", "v3", "REFUND"),
    ] {
        let request = json!({ "event": event, "api": api, "notify_url": sim.shop.notify_url() });
        let answer = sim.control("trigger", request).await;
        assert_eq!(answer["trade_state"], state, "{answer}");
        assert_eq!(answer["out_refund_no"].is_string(), event.starts_with("refund"), "{answer}");
    }
    // the refunds settle after a second
    sim.advance(2).await;
    let ledger = sim.until(|ledger| {
        let sent = |notification: &Value| !notification["attempts"].as_array().unwrap().is_empty();
        ledger["notifications"].as_array().unwrap().iter().filter(|each| sent(each)).count() == 7
    });
    let states: Vec<String> = ledger.await["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refund| text(&refund["refund_status"]))
        .collect();
    assert_eq!(states, ["SUCCESS", "REFUNDCLOSE", "CHANGE"]);
}

#[tokio::test]
async fn a_trigger_uses_an_order_that_exists() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    let answer = sim.control("trigger", json!({ "event": "refund", "out_trade_no": "order1" })).await;
    assert_eq!(answer["out_trade_no"], "order1");
    assert_eq!(answer["notify_url"], sim.shop.notify_url());
    assert_eq!(sim.ledger().await["refunds"][0]["refund_fee"], 1990);
    // a new order goes where the newest one went
    let other = sim.control("trigger", json!({ "event": "payment", "out_trade_no": "order2" })).await;
    assert_eq!(other["notify_url"], sim.shop.notify_url());
    let (status, answer) =
        sim.try_control("trigger", json!({ "event": "close", "out_trade_no": "order1" })).await;
    assert_eq!((status, answer["error"].as_str().unwrap().contains("order1")), (409, true), "{answer}");
}

#[tokio::test]
async fn a_wrong_trigger_changes_nothing() {
    let sim = TestSimulator::start().await;
    for body in [
        json!({ "event": "explosion" }),
        json!({ "event": "payment", "total_fee": 0 }),
        json!({ "event": "payment", "out_trade_no": "a b" }),
        json!({ "event": "payment", "notify_url": "nowhere" }),
        json!({ "event": "payment", "amount": 1 }),
    ] {
        let (status, answer) = sim.try_control("trigger", body).await;
        assert_eq!(status, 400);
        assert!(answer["accepted"].is_string(), "{answer}");
    }
    assert_eq!(sim.ledger().await["orders"], json!([]));
}

#[tokio::test]
async fn a_notification_is_sent_again() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.pay_order("order1").await;
    let attempts = |count: usize| {
        move |ledger: &Value| {
            ledger["notifications"][0]["attempts"].as_array().is_some_and(|all| all.len() == count)
        }
    };
    assert_eq!(sim.until(attempts(1)).await["notifications"][0]["acknowledged"], true);
    let answer = sim.control("resend", json!({ "out_trade_no": "order1" })).await;
    assert_eq!(answer["resent"], 1);
    assert_eq!(sim.until(attempts(2)).await["notifications"][0]["acknowledged"], true);
    let received = sim.shop.received();
    assert_eq!(received[0].body, received[1].body);
    let refund = json!({ "out_trade_no": "order1", "kind": "refund" });
    assert_eq!(sim.try_control("resend", refund).await.0, 404);
}

#[tokio::test]
async fn a_reset_keeps_only_the_keys() {
    let sim = TestSimulator::start().await;
    let ready = sim.json("/_simulator/ready").await;
    assert_eq!((&ready["ready"], &ready["url"]), (&json!(true), &json!(sim.simulator.url())));
    sim.place_order("order1").await;
    sim.pay_order("order1").await;
    sim.control("account", json!({ "js_domains": [] })).await;
    sim.control("faults", json!({ "endpoint": "token", "kind": "refuse" })).await;
    sim.advance(3600).await;
    sim.control("reset", json!({})).await;
    let ledger = sim.ledger().await;
    assert_eq!([&ledger["orders"], &ledger["notifications"]], [&json!([]), &json!([])]);
    assert_eq!(sim.json("/_simulator/account").await, sim.account);
    assert_eq!(sim.json("/_simulator/clock").await["ahead_s"], 0);
    assert_eq!(sim.json("/_simulator/faults").await["faults"], json!([]));
    assert_eq!(sim.json("/_simulator/requests").await["requests"], json!([]));
    // the shop goes on with its configuration
    sim.place_order("order1").await;
}

#[tokio::test]
async fn a_delivery_from_before_a_reset_is_not_recorded_after_it() {
    let sim = TestSimulator::start().await;
    let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
    sim.shop.respond_with(move |_| {
        let _ = began.send(());
        // the first delivery is on its way while the simulator is reset
        std::thread::sleep(std::time::Duration::from_millis(300));
        axum::response::Response::new(axum::body::Body::from(crate::fake_shop::ACKNOWLEDGE))
    });
    sim.place_order("order1").await;
    sim.pay_order("order1").await;
    begun.recv().await.unwrap();
    sim.control("reset", json!({})).await;
    sim.control("notifications", json!({ "delay_s": 600 })).await;
    sim.place_order("order2").await;
    sim.pay_order("order2").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let ledger = sim.ledger().await;
    assert_eq!(ledger["notifications"][0]["attempts"], json!([]), "{ledger:#}");
    assert_eq!(ledger["notifications"][0]["acknowledged"], false);
}
