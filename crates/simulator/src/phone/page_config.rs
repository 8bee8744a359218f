//! The APIs that the `wx.config` of a page was granted.

use serde_json::Value;
use url::Url;
use wechat::wire::jssdk;

use super::user_agent::Mode;
use crate::{account::APPID, app_state::AppState, login::live_tickets};

/// The granted APIs of a page, by the bridge's names.
#[derive(Default)]
pub(crate) struct PageConfig {
    pub(crate) allowed: Vec<String>,
}

/// `preVerifyJSAPI`: grants the requested APIs, or returns the reason of the refusal (wechat-protocol.md, 3.1 and
/// 3.3).
pub(super) fn verify(
    app: &AppState,
    mode: Mode,
    url: &str,
    entry_url: &str,
    args: &Value,
) -> Result<Vec<String>, &'static str> {
    let api_names: Vec<String> = match &args["verifyJsApiList"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if args["verifyAppId"].as_str() != Some(APPID) {
        return Err("invalid appid");
    }
    let settings = app.settings();
    if !Url::parse(url).is_ok_and(|url| settings.allows_jssdk_at(&url)) {
        return Err("invalid url domain");
    }
    let lenient = settings.lenient_choose_wxpay && api_names == ["getBrandWCPayRequest"];
    drop(settings);
    // iPhones use the address at which the user entered the site, Android uses the current one
    let signed = if mode == Mode::Android { url } else { entry_url };
    if lenient || is_signed(app, signed, args) { Ok(api_names) } else { Err("invalid signature") }
}

fn is_signed(app: &AppState, url: &str, args: &Value) -> bool {
    let text = |name: &str| args[name].as_str().unwrap_or_default();
    let Ok(timestamp) = text("verifyTimestamp").parse::<i64>() else { return false };
    let db = app.database();
    live_tickets(&db, app.clock.now()).any(|ticket| {
        jssdk::signature(ticket, text("verifyNonceStr"), timestamp, url) == text("verifySignature")
    })
}
