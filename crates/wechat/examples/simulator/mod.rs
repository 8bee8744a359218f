//! Common code of the examples: the simulator's URL from the command line, and its demo account.

use std::error::Error;

use serde_json::Value;
use wechat::{Endpoints, Http, HttpOptions};

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// The URL of a simulator and its demo account.
pub(crate) struct Simulator {
    pub(crate) url: String,
    pub(crate) http: Http,
    pub(crate) endpoints: Endpoints,
    account: Value,
}

impl Simulator {
    /// Reads `/_simulator/account` from the URL on the command line.
    pub(crate) async fn find() -> Result<Self, Box<dyn Error>> {
        let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8900".into());
        let url = url.trim_end_matches('/').to_owned();
        let account = reqwest::get(format!("{url}/_simulator/account")).await?.error_for_status()?;
        let account = serde_json::from_slice(&account.bytes().await?)?;
        let endpoints = Endpoints::default()
            .with_open(&url)?
            .with_api(&url)?
            .with_mch(&url)?
            .with_mch_backup(None)?
            .with_jssdk(&url)?;
        Ok(Self { http: Http::new(&HttpOptions::default())?, endpoints, url, account })
    }

    /// A field of the account.
    pub(crate) fn value(&self, name: &str) -> Result<&str, Box<dyn Error>> {
        self.account[name].as_str().ok_or_else(|| format!("the simulator's account has no {name}").into())
    }

    /// The OpenID of the simulator's first user.
    #[allow(dead_code, reason = "not every example has a payer")]
    pub(crate) async fn openid(&self) -> Result<String, Box<dyn Error>> {
        let users = reqwest::get(format!("{}/_simulator/users", self.url)).await?.error_for_status()?;
        let users: Value = serde_json::from_slice(&users.bytes().await?)?;
        Ok(users[0]["openid"].as_str().ok_or("the simulator has no user")?.to_owned())
    }

    /// A code of `wx.login` for the simulator's first user.
    #[allow(dead_code, reason = "not every example is a mini program")]
    pub(crate) async fn wx_login(&self) -> Result<String, Box<dyn Error>> {
        let request = reqwest::Client::new().post(format!("{}/_simulator/miniprogram", self.url));
        let answer = request.json(&serde_json::json!({})).send().await?.error_for_status()?;
        let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
        Ok(answer["code"].as_str().ok_or("the simulator gave no code")?.to_owned())
    }

    /// Pays an order as the user.
    #[allow(dead_code, reason = "not every example pays")]
    pub(crate) async fn pay(&self, out_trade_no: &str) -> Outcome {
        let body = serde_json::json!({"out_trade_no": out_trade_no, "outcome": "ok"});
        let answer =
            reqwest::Client::new().post(format!("{}/_simulator/pay", self.url)).json(&body).send().await?;
        if answer.status().is_success() { Ok(()) } else { Err(answer.text().await?.into()) }
    }
}

/// A new order number or refund number.
#[allow(dead_code, reason = "not every example has an order")]
#[allow(clippy::disallowed_methods, reason = "an example has no injected clock")]
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
