use serde_json::{Value, json};

use crate::test_simulator::{TestSimulator, text};

impl TestSimulator {
    async fn classic(&self) -> Value {
        let (appid, secret) = (self.account("appid"), self.account("secret"));
        self.json(&format!("/cgi-bin/token?grant_type=client_credential&appid={appid}&secret={secret}")).await
    }

    async fn stable(&self, force_refresh: bool) -> Value {
        let url = format!("{}/cgi-bin/stable_token", self.simulator.url());
        let request = json!({
            "grant_type": "client_credential",
            "appid": self.account("appid"),
            "secret": self.account("secret"),
            "force_refresh": force_refresh,
        });
        self.client.post(url).json(&request).send().await.unwrap().json().await.unwrap()
    }

    async fn ticket(&self, token: &Value) -> Value {
        let token = text(&token["access_token"]);
        self.json(&format!("/cgi-bin/ticket/getticket?access_token={token}&type=jsapi")).await
    }
}

#[tokio::test]
async fn the_old_classic_token_is_valid_for_five_more_minutes() {
    let sim = TestSimulator::start().await;
    let old = sim.classic().await;
    let new = sim.classic().await;
    assert_ne!(old["access_token"], new["access_token"]);
    sim.advance(299).await;
    assert_eq!(sim.ticket(&old).await["errcode"], 0);
    sim.advance(1).await;
    assert_eq!(sim.ticket(&old).await["errcode"], 40001);
    assert_eq!(sim.ticket(&new).await["errcode"], 0);
    sim.advance(7200).await;
    assert_eq!(sim.ticket(&new).await["errcode"], 42001);
}

#[tokio::test]
async fn the_stable_token_stays_the_same_until_its_last_five_minutes() {
    let sim = TestSimulator::start().await;
    let first = sim.stable(false).await;
    sim.advance(3600).await;
    let second = sim.stable(false).await;
    assert_eq!(first["access_token"], second["access_token"]);
    assert!((3598..=3600).contains(&second["expires_in"].as_i64().unwrap()), "{second}");
    sim.advance(3301).await;
    let third = sim.stable(false).await;
    assert_ne!(first["access_token"], third["access_token"]);
    assert_eq!(third["expires_in"], 7200);
    assert_eq!(sim.ticket(&first).await["errcode"], 0, "both tokens are valid for five minutes");
    sim.advance(300).await;
    assert_eq!(sim.ticket(&first).await["errcode"], 42001);
}

#[tokio::test]
async fn the_two_token_modes_are_independent() {
    let sim = TestSimulator::start().await;
    let stable = sim.stable(false).await;
    sim.classic().await;
    sim.classic().await;
    sim.advance(600).await;
    assert_eq!(sim.ticket(&stable).await["errcode"], 0);
}

#[tokio::test]
async fn a_forced_refresh_ends_the_old_token_but_not_twice_in_30_seconds() {
    let sim = TestSimulator::start().await;
    let first = sim.stable(false).await;
    let second = sim.stable(true).await;
    assert_eq!(sim.ticket(&first).await["errcode"], 40001);
    assert_eq!(sim.stable(true).await["access_token"], second["access_token"]);
    sim.advance(30).await;
    assert_ne!(sim.stable(true).await["access_token"], second["access_token"]);
}

#[tokio::test]
async fn the_limit_is_twenty_forced_refreshes_a_day() {
    let sim = TestSimulator::start().await;
    // to a time after midnight in Shanghai, so that the date does not change during the test
    let now = text(&sim.json("/_simulator/clock").await["now"]);
    let part = |at: std::ops::Range<usize>| now[at].parse::<i64>().unwrap();
    sim.advance(86_401 - part(11..13) * 3600 - part(14..16) * 60 - part(17..19)).await;
    for _ in 0..20 {
        assert!(sim.stable(true).await["access_token"].is_string());
        sim.advance(30).await;
    }
    assert_eq!(sim.stable(true).await["errcode"], 45009);
    assert!(sim.stable(false).await["access_token"].is_string());
    sim.advance(86_400).await;
    assert!(sim.stable(true).await["access_token"].is_string());
}

#[tokio::test]
async fn an_address_that_is_not_on_the_whitelist_gets_40164() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "ip_whitelist": ["10.0.0.1"] })).await;
    for answer in [sim.classic().await, sim.stable(false).await] {
        assert_eq!(answer["errcode"], 40164);
        assert!(
            text(&answer["errmsg"]).contains("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist")
        );
    }
}

#[tokio::test]
async fn a_call_without_a_valid_token_is_refused() {
    let sim = TestSimulator::start().await;
    for (token, code) in [("", 41001), ("short", 40014), (&*"x".repeat(136), 40001)] {
        let path = format!("/cgi-bin/ticket/getticket?access_token={token}&type=jsapi");
        assert_eq!(sim.json(&path).await["errcode"], code, "{token}");
    }
    let token = text(&sim.classic().await["access_token"]);
    let path = format!("/cgi-bin/ticket/getticket?access_token={token}&type=other");
    assert_eq!(sim.json(&path).await["errcode"], 40097);
}

#[tokio::test]
async fn stable_tokens_are_requested_with_post_and_json() {
    let sim = TestSimulator::start().await;
    assert_eq!(sim.json("/cgi-bin/stable_token").await["errcode"], 43002);
    let url = format!("{}/cgi-bin/stable_token", sim.simulator.url());
    let answer: Value = sim.client.post(url).body("a=b").send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["errcode"], 47001);
}
