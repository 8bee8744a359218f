//! Sends messages to a group robot of the staff, in the format of WeCom (企业微信群机器人;
//! developer.work.weixin.qq.com/document/path/91770).

use std::{fmt, time::Duration};

use model::message::MessageState;
use serde::Deserialize;
use serde_json::json;
use wechat::Secret;

use super::send_outcome::SendOutcome;

/// The time limit for the robot's answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The robot's codes after which the shop may send the text later: it is busy, or got more than 20 texts in a minute.
const LATER: [i64; 2] = [-1, 45009];

/// The URL of a group robot. Its query contains a secret, so `Debug` does not show it.
#[derive(Clone)]
pub struct Webhook {
    url: Secret,
    client: reqwest::Client,
}

/// Why a webhook cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The text is not a URL, or not an https URL.
    #[error(
        "the robot's address, which begins with https://, such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"
    )]
    Address,
    /// The HTTP client cannot be created.
    #[error("connections to it cannot be made (does the machine have ca-certificates?)")]
    Client,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook")
    }
}

#[derive(Deserialize)]
struct Answer {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

impl Webhook {
    /// Checks the URL. A robot on this machine may use HTTP without TLS, for tests.
    ///
    /// # Errors
    /// [`WebhookError`]. Its text never contains the URL.
    pub fn new(url: &str) -> Result<Self, WebhookError> {
        let parsed: reqwest::Url = url.parse().map_err(|_| WebhookError::Address)?;
        let is_local = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if parsed.scheme() != "https" && !(parsed.scheme() == "http" && is_local) {
            return Err(WebhookError::Address);
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            // a redirect would send the secret to another host
            .redirect(reqwest::redirect::Policy::none());
        let client = if is_local { client.no_proxy() } else { client };
        let client = client.build().map_err(|_| WebhookError::Client)?;
        Ok(Self { url: Secret::new(url), client })
    }

    /// The host of the URL, without the secret.
    #[must_use]
    pub fn host(&self) -> String {
        let parsed: Option<reqwest::Url> = self.url.expose().parse().ok();
        parsed.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether the URL has a key, if it is a URL of WeCom.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let parsed: Option<reqwest::Url> = self.url.expose().parse().ok();
        parsed.is_some_and(|url| {
            url.host_str() != Some("qyapi.weixin.qq.com")
                || url.query_pairs().any(|(name, value)| name == "key" && !value.is_empty())
        })
    }

    pub(super) async fn send(&self, text: &str) -> SendOutcome {
        let body = json!({ "msgtype": "text", "text": { "content": text } });
        let answer = match self.client.post(self.url.expose()).json(&body).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let is_unsent = error.is_connect() && !error.is_timeout();
                let state = if is_unsent { MessageState::Waiting } else { MessageState::Unknown };
                return SendOutcome::new(state, "", error.without_url());
            }
        };
        let status = answer.status();
        if status.is_client_error() {
            return SendOutcome::new(MessageState::Refused, status.as_u16(), "the robot refused the text");
        }
        match answer.json::<Answer>().await {
            Ok(answer) if answer.errcode == 0 => SendOutcome::sent(),
            Ok(Answer { errcode, errmsg }) => {
                let state =
                    if LATER.contains(&errcode) { MessageState::Waiting } else { MessageState::Refused };
                SendOutcome::new(state, errcode, errmsg)
            }
            Err(error) => SendOutcome::new(
                MessageState::Unknown,
                status.as_u16(),
                format!("the robot's answer cannot be read: {}", error.without_url()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_on_this_machine_and_never_printed() {
        for good in ["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden", "http://127.0.0.1:9/x"] {
            assert!(!format!("{:?}", Webhook::new(good).unwrap()).contains("hidden"));
        }
        for bad in ["http://qyapi.weixin.qq.com/?key=hidden", "hidden", "ftp://127.0.0.1/"] {
            assert!(!Webhook::new(bad).unwrap_err().to_string().contains("hidden"));
        }
    }

    #[test]
    fn a_robot_of_wecom_needs_its_key() {
        let is_complete = |url: &str| Webhook::new(url).unwrap().is_complete();
        assert!(is_complete("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"));
        assert!(!is_complete("https://qyapi.weixin.qq.com/cgi-bin/webhook/send"));
        assert!(is_complete("https://robot.example/1"));
    }

    #[tokio::test]
    async fn a_robot_that_cannot_be_reached_was_sent_nothing() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        drop(taken);
        let webhook = Webhook::new(&format!("http://{address}/?key=hidden")).unwrap();
        let outcome = webhook.send("text").await;
        assert_eq!(outcome.state, MessageState::Waiting);
        assert!(!outcome.detail.contains("hidden"), "{}", outcome.detail);
    }
}
