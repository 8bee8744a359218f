//! WeChat, and everything that goes wrong on the way to it and back.

use serde_json::{Value, json};
use simulator::Running;

use crate::chance::Chance;

pub(crate) struct Wechat {
    running: Running,
    http: reqwest::Client,
}

/// The calls that fail one time in ten, before or after they took effect.
const ENDPOINTS: [&str; 5] = ["unifiedorder", "orderquery", "closeorder", "refund", "refundquery"];
const KINDS: [&str; 8] = [
    "refuse",
    "timeout_before",
    "timeout_after",
    "hang_up_after",
    "http_502",
    "system_error",
    "system_error_after",
    "truncated_body",
];

impl Wechat {
    pub(crate) const fn new(running: Running, http: reqwest::Client) -> Self {
        Self { running, http }
    }

    pub(crate) fn url(&self) -> &str {
        self.running.url().trim_end_matches('/')
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        let url = format!("{}/_simulator/{path}", self.url());
        self.http.get(url).send().await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).await).unwrap()
    }

    /// One of the simulator's controls; gives its status.
    pub(crate) async fn control(&self, path: &str, body: Value) -> u16 {
        let url = format!("{}/_simulator/{path}", self.url());
        self.http.post(url).json(&body).send().await.unwrap().status().as_u16()
    }

    pub(crate) async fn new_user(&self) -> String {
        let url = format!("{}/_simulator/users", self.url());
        let answer = self.http.post(url).json(&json!({ "nickname": "soak" })).send().await.unwrap();
        let user: Value = answer.json().await.unwrap();
        user["openid"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn fail_calls(&self) {
        for endpoint in ENDPOINTS {
            for kind in KINDS {
                // eight kinds: one call in ten
                let fault =
                    json!({ "endpoint": endpoint, "kind": kind, "probability": 0.0125, "seconds": 2 });
                assert!(self.control("faults", fault).await < 300);
            }
        }
    }

    /// Notifications are lost (30 %), and for a while doubled or reordered (30 % of the time each).
    pub(crate) async fn disturb(&self, chance: &Chance) {
        let mut disturbances = json!({ "drop": 0.3 });
        if chance.percent(30) {
            disturbances["duplicate"] = json!(1 + chance.below(3));
        }
        if chance.percent(30) {
            disturbances["reorder"] = json!(2 + chance.below(3));
        }
        self.control("notifications", disturbances).await;
    }

    pub(crate) async fn behave(&self) {
        self.control("faults", json!({})).await;
        self.control("notifications", json!({})).await;
    }
}
