//! The APIs that the `wx.config` of a page was granted.

use std::collections::VecDeque;

use serde_json::Value;
use url::Url;
use wechat::wire::jssdk;

use super::user_agent::PhoneKind;
use crate::{
    app_state::AppState,
    diagnosis::{Diagnosis, PageSignature, explain_page},
    login::{all_tickets, live_tickets},
};

/// The APIs that a page was granted, by the bridge's names, and its open tags.
#[derive(Default)]
pub(crate) struct PageConfig {
    pub(crate) allowed: Vec<String>,
    /// The granted open tags.
    pub(crate) open_tags: Vec<String>,
    /// The service account of the configuration.
    pub(crate) appid: String,
}

/// The largest number of pages whose configuration is kept.
const MAX_PAGES: usize = 1000;

/// The configurations of the pages that the phone has loaded, oldest first.
#[derive(Default)]
pub(crate) struct PageConfigs(VecDeque<(String, PageConfig)>);

impl PageConfigs {
    /// The configuration of a page, by the random id that the bridge created for it.
    pub(super) fn get(&self, document: &str) -> Option<&PageConfig> {
        self.0.iter().find(|(known, _)| known == document).map(|(_, config)| config)
    }

    /// Stores the last configuration of a page. If there are too many pages, drops the oldest one.
    pub(super) fn insert(&mut self, document: String, config: PageConfig) {
        self.remove(&document);
        if self.0.len() >= MAX_PAGES {
            self.0.pop_front();
        }
        self.0.push_back((document, config));
    }

    pub(super) fn remove(&mut self, document: &str) {
        self.0.retain(|(known, _)| known != document);
    }
}

/// Why a page is granted nothing.
pub(super) struct ConfigRefusal {
    /// WeChat's message.
    pub(super) message: &'static str,
    /// The mistake in the signature.
    pub(super) diagnosis: Option<Diagnosis>,
}

impl From<&'static str> for ConfigRefusal {
    fn from(message: &'static str) -> Self {
        Self { message, diagnosis: None }
    }
}

/// Whether the `wx.config` of a loaded page was granted this API. An event of the share menu grants its API.
pub(super) fn is_granted(app: &AppState, document: &str, api: &str) -> bool {
    let name = match api {
        "sendAppMessage" => "menu:share:appmessage",
        "shareTimeline" => "menu:share:timeline",
        "shareQQ" => "menu:share:qq",
        "shareWeiboApp" => "menu:share:weiboApp",
        "shareQZone" => "menu:share:QZone",
        other => other,
    };
    let db = app.database();
    db.page_configs.get(document).is_some_and(|config| config.allowed.iter().any(|allowed| allowed == name))
}

/// `preVerifyJSAPI`: grants the requested APIs and open tags, or returns the reason of the refusal (wechat-protocol.md, 3.1 and
/// 3.3).
pub(super) fn verify(
    app: &AppState,
    phone: PhoneKind,
    url: &str,
    entry_url: &str,
    args: &Value,
) -> Result<PageConfig, ConfigRefusal> {
    let names = |name: &str| -> Vec<String> {
        let all = args[name].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (allowed, open_tags) = (names("verifyJsApiList"), names("verifyOpenTagList"));
    let appid = args["verifyAppId"].as_str().unwrap_or_default();
    let service_account = app.database().accounts.service_account(appid).cloned();
    let service_account = service_account.ok_or("invalid appid")?;
    let settings = app.settings();
    if !Url::parse(url).is_ok_and(|url| settings.allows_jssdk_at(&service_account, &url)) {
        return Err("invalid url domain".into());
    }
    let lenient = settings.lenient_choose_wxpay && allowed == ["getBrandWCPayRequest"];
    drop(settings);
    // iPhones use the address at which the user entered the site, Android uses the current one
    let (signed, other) = if phone == PhoneKind::Android { (url, entry_url) } else { (entry_url, url) };
    if lenient || is_signed(app, signed, args) {
        return Ok(PageConfig { allowed, open_tags, appid: appid.to_owned() });
    }
    Err(ConfigRefusal { message: "invalid signature", diagnosis: diagnosis(app, signed, other, args) })
}

fn diagnosis(app: &AppState, url: &str, other_url: &str, args: &Value) -> Option<Diagnosis> {
    let text = |name: &str| args[name].as_str().unwrap_or_default().to_owned();
    explain_page(&PageSignature {
        url: url.to_owned(),
        other_url: other_url.to_owned(),
        nonce: text("verifyNonceStr"),
        timestamp: text("verifyTimestamp"),
        signature: text("verifySignature"),
        tickets: all_tickets(&app.database(), &text("verifyAppId"), app.clock.now()),
        keys: app.merchants().first().known_keys.clone(),
    })
}

fn is_signed(app: &AppState, url: &str, args: &Value) -> bool {
    let text = |name: &str| args[name].as_str().unwrap_or_default();
    let Ok(timestamp) = text("verifyTimestamp").parse::<i64>() else { return false };
    let db = app.database();
    live_tickets(&db, text("verifyAppId"), app.clock.now()).any(|ticket| {
        jssdk::signature(ticket, text("verifyNonceStr"), timestamp, url) == text("verifySignature")
    })
}
