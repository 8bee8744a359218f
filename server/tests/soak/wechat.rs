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

/// The calls that must take effect once, and the question before an upload is repeated.
const ONCE: [&str; 5] = ["template/send", "upload_shipping_info", "get_order", "response", "complete"];

/// The ways in which they fail, before or after they took effect.
const ONCE_KINDS: [&str; 4] = ["timeout_before", "timeout_after", "hang_up_after", "http_502"];

/// The ways in which WeChat, or what stands before it, refuses a refund without a word about the refund itself: none of
/// them may end it. The kind, its code, its message, its HTTP status.
const REFUSALS: [(&str, &str, &str, u16); 12] = [
    ("unsigned_error", "", "证书已过期", 0),
    ("unsigned_error", "", "签名错误", 0),
    ("unsigned_error", "", "系统繁忙", 0),
    ("error", "SIGNERROR", "签名错误", 0),
    ("error", "CERT_ERROR", "证书校验错误", 0),
    ("error", "NOTENOUGH", "基本账户余额不足", 0),
    ("error", "BIZERR_NEED_RETRY", "退款业务流程错误", 0),
    ("error", "INVALID_REQ_TOO_MUCH", "无效请求过多", 0),
    ("error", "FREQUENCY_LIMITED", "频率限制", 0),
    ("error", "A_CODE_OF_TOMORROW", "未知错误", 0),
    ("http_status", "", "", 403),
    ("http_status", "", "", 429),
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

    /// One of the simulator's controls; gives its answer.
    pub(crate) async fn controlled(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_simulator/{path}", self.url());
        self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap_or_default()
    }

    pub(crate) async fn new_user(&self) -> String {
        let url = format!("{}/_simulator/users", self.url());
        let answer = self.http.post(url).json(&json!({ "nickname": "soak" })).send().await.unwrap();
        let user: Value = answer.json().await.unwrap();
        // only followers get template messages
        assert!(self.control("follow", json!({ "openid": user["openid"] })).await < 300);
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
        for endpoint in ONCE {
            for kind in ONCE_KINDS {
                let fault = json!({ "endpoint": endpoint, "kind": kind, "probability": 0.03, "seconds": 2 });
                assert!(self.control("faults", fault).await < 300);
            }
        }
    }

    /// One request for a refund in five is refused, each time in a way that the seed chooses.
    pub(crate) async fn refuse_refunds(&self, chance: &Chance) {
        for _ in 0..REFUSALS.len() {
            let at = usize::try_from(chance.below(REFUSALS.len() as u64)).unwrap();
            let (kind, code, message, status) = REFUSALS[at];
            let mut fault = json!({ "endpoint": "refund", "kind": kind, "probability": 0.018 });
            for (name, text) in [("code", code), ("message", message)] {
                if !text.is_empty() {
                    fault[name] = json!(text);
                }
            }
            if status > 0 {
                fault["status"] = json!(status);
            }
            assert!(self.control("faults", fault).await < 300);
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
