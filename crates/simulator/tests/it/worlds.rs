//! Isolated worlds and snapshots.

use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

async fn get(sim: &TestSimulator, world: &Value, path: &str) -> Value {
    let url = format!("{}{path}", text(&world["url"]));
    sim.client.get(url).send().await.unwrap().json().await.unwrap()
}

async fn end(sim: &TestSimulator, world: &str) -> (u16, Value) {
    let url = format!("{}/_simulator/worlds/{world}", sim.simulator.url());
    let answer = sim.client.delete(url).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_world_has_the_same_account_and_its_own_data() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    let world = sim.control("worlds", json!({})).await;
    assert_eq!(get(&sim, &world, "/_simulator/ledger").await["orders"], json!([]));
    let account = get(&sim, &world, "/_simulator/account").await;
    for name in ["appid", "api_v2_key", "merchant_serial", "platform_cert_pem", "ca_pem"] {
        assert_eq!(account[name], sim.account[name], "{name}");
    }
    // its own phone is registered
    let phone = text(&world["phone_url"]).replace("http://", "");
    assert!(account["registered"]["js_domains"].as_array().unwrap().contains(&json!(phone)), "{account}");
    let url = format!("{}/_simulator/trigger", text(&world["url"]));
    let request = json!({ "event": "payment", "notify_url": sim.shop.notify_url() });
    sim.client.post(url).json(&request).send().await.unwrap();
    assert_eq!(get(&sim, &world, "/_simulator/ledger").await["orders"].as_array().unwrap().len(), 1);
    assert_eq!(sim.ledger().await["orders"].as_array().unwrap().len(), 1);
    assert_eq!(sim.ledger().await["notifications"], json!([]));
}

#[tokio::test]
async fn a_hundred_worlds_run_at_once_and_end() {
    let sim = TestSimulator::start().await;
    let mut worlds = Vec::new();
    for _ in 0..100 {
        worlds.push(sim.control("worlds", json!({ "shop": sim.shop.url.as_str() })).await);
    }
    for world in &worlds {
        assert_eq!(get(&sim, world, "/_simulator/ready").await["ready"], true);
    }
    let listed = sim.json("/_simulator/worlds").await;
    assert_eq!(listed["worlds"].as_array().unwrap().len(), 100);
    for world in &worlds {
        assert_eq!(end(&sim, &text(&world["world"])).await.0, 200);
    }
    let url = format!("{}/_simulator/ready", text(&worlds[0]["url"]));
    assert!(sim.client.get(url).send().await.is_err(), "its port is closed");
    let (status, answer) = end(&sim, &text(&worlds[0]["world"])).await;
    assert_eq!((status, text(&answer["error"]).contains("no such world")), (404, true));
    assert_eq!(sim.try_control("worlds", json!({ "shops": 1 })).await.0, 400);
    assert_eq!(sim.json("/_simulator/worlds").await["worlds"], json!([]));
}

#[tokio::test]
async fn a_snapshot_returns_to_an_earlier_state() {
    let sim = TestSimulator::start().await;
    let put = async |body: String| {
        let url = format!("{}/_simulator/snapshot", sim.simulator.url());
        sim.client.put(url).body(body).send().await.unwrap().status().as_u16()
    };
    sim.place_order("order1").await;
    sim.advance(60).await;
    let snapshot = sim.get("/_simulator/snapshot").await.text().await.unwrap();
    sim.pay_order("order1").await;
    sim.place_order("order2").await;
    sim.advance(3600).await;
    assert_eq!(put(snapshot).await, 200);
    let ledger = sim.ledger().await;
    assert_eq!(ledger["orders"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["orders"][0]["trade_state"], "NOTPAY");
    assert_eq!(sim.json("/_simulator/clock").await["ahead_s"], 60);
    sim.pay_order("order1").await;
    // nothing is half applied
    assert_eq!(put("{\"orders\": []}".to_owned()).await, 400);
    let other = TestSimulator::start().await;
    let foreign = other.get("/_simulator/snapshot").await.text().await.unwrap();
    assert_eq!(put(foreign).await, 409);
    assert_eq!(sim.ledger().await["orders"][0]["trade_state"], "SUCCESS");
}
