//! The request log: `GET /_simulator/requests`.

use futures::StreamExt;
use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

#[tokio::test]
async fn each_request_has_its_answer_and_its_verdict() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.get("/cgi-bin/token?grant_type=wrong").await;
    sim.get("/nowhere").await;
    for kind in ["http_500", "refuse"] {
        sim.control("faults", json!({ "endpoint": "token", "kind": kind, "times": 1 })).await;
        let url = format!("{}/cgi-bin/token", sim.simulator.url());
        let _ = sim.client.get(url).send().await;
    }
    let log = sim.json("/_simulator/requests").await;
    let seen: Vec<(String, Value, String)> = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(&entry["verdict"]), entry["status"].clone(), entry["reason"].to_string()))
        .collect();
    let verdicts: Vec<&str> = seen.iter().map(|(verdict, ..)| verdict.as_str()).collect();
    assert_eq!(verdicts, ["accepted", "refused", "refused", "fault", "fault"], "{seen:?}");
    assert!(seen[1].2.contains("40002"), "{seen:?}");
    assert_eq!((&seen[3].1, seen[3].2.as_str()), (&json!(500), "\"http_500\""));
    assert_eq!(seen[4].1, Value::Null, "a connection that was closed has no status");
    let first = &log["requests"][0];
    assert!(text(&first["request"]).contains("order1") && text(&first["answer"]).contains("prepay_id"));
    assert_eq!(log["last"], 5);
}

#[tokio::test]
async fn the_log_is_filtered_by_number_and_verdict() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.get("/cgi-bin/token?grant_type=wrong").await;
    let count = async |query: &str| {
        sim.json(&format!("/_simulator/requests?{query}")).await["requests"].as_array().unwrap().len()
    };
    assert_eq!(count("after=0").await, 2);
    assert_eq!(count("after=1").await, 1);
    assert_eq!(count("verdict=accepted").await, 1);
    assert_eq!(count("verdict=fault").await, 0);
}

#[tokio::test]
async fn the_stream_has_the_old_entries_and_then_the_new_ones() {
    let sim = TestSimulator::start().await;
    sim.get("/cgi-bin/token?grant_type=first").await;
    let url = format!("{}/_simulator/requests?follow=1", sim.simulator.url());
    let answer = sim.client.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    sim.get("/cgi-bin/token?grant_type=second").await;
    let mut chunks = answer.bytes_stream();
    let mut received = String::new();
    while received.matches("data:").count() < 2 || !received.ends_with("\n\n") {
        received += std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap();
    }
    let first = received.find("grant_type=first").unwrap();
    assert!(first < received.find("grant_type=second").unwrap(), "{received}");
    assert!(received.contains("id: 2"), "{received}");
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_an_entry() {
    let sim = TestSimulator::start().await;
    sim.control(
        "faults",
        json!({ "endpoint": "token", "kind": "timeout_before", "seconds": 30, "times": 1 }),
    )
    .await;
    let url = format!("{}/cgi-bin/token", sim.simulator.url());
    let request = sim.client.get(url).timeout(std::time::Duration::from_millis(200)).send().await;
    assert!(request.unwrap_err().is_timeout());
    for _ in 0..100 {
        let log = sim.json("/_simulator/requests").await;
        if let Some(entry) = log["requests"].as_array().unwrap().first() {
            assert_eq!((&entry["verdict"], &entry["status"]), (&json!("no_answer"), &Value::Null));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no entry");
}

#[tokio::test]
async fn the_page_shows_requests_and_sends_notifications_again() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.send("/pay/orderquery", "<xml><appid><![CDATA[<b>]]></appid></xml>").await;
    sim.pay_order("order1").await;
    sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
    let page = sim.get("/").await.text().await.unwrap();
    assert!(page.contains("POST /pay/unifiedorder") && page.contains("data-after=\"2\""), "{page}");
    assert!(page.contains("&lt;b&gt;") && !page.contains("CDATA[<b>"), "requests are escaped");
    let script = sim.get("/page/live.js").await;
    assert!(script.headers()["content-type"].to_str().unwrap().contains("javascript"));
    let resend = async |tamper: &str| {
        let form = [("out_trade_no", "order1"), ("kind", "payment"), ("tamper", tamper)];
        let url = format!("{}/page/resend", sim.simulator.url());
        sim.client.post(url).form(&form).send().await.unwrap().status().as_u16()
    };
    assert_eq!(resend("total_fee").await, 303);
    let attempts = |count: usize| {
        move |ledger: &Value| {
            ledger["notifications"][0]["attempts"].as_array().is_some_and(|all| all.len() == count)
        }
    };
    let ledger = sim.until(attempts(2)).await;
    assert_eq!(ledger["notifications"][0]["attempts"][1]["note"], "tampered: TotalFee");
    assert_eq!(ledger["notifications"][0]["acknowledged"], false, "a forged message is not acknowledged");
    assert_eq!(resend("").await, 303);
    assert_eq!(sim.until(attempts(3)).await["notifications"][0]["acknowledged"], true);
    assert_eq!(resend("nothing").await, 400);
}
