//! `POST /wxa/generate_urllink`: a link that opens a mini program.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::{
    clock::{DAY, MINUTE, Millis, SECOND},
    login::{AccountKind, ApiError, TokenCall},
    random,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    path: Option<String>,
    query: Option<String>,
    #[serde(default)]
    expire_type: u8,
    /// When the link expires, in seconds since 1970.
    expire_time: Option<i64>,
    /// How long the link is valid, in days.
    expire_interval: Option<u32>,
    env_version: Option<String>,
    #[serde(rename = "cloud_base")]
    _cloud_base: Option<serde_json::Value>,
}

pub(super) async fn generate_urllink(call: TokenCall) -> Response {
    call.answer(AccountKind::MiniProgram, |_, _, request: LinkRequest, now| {
        if request.path.as_deref().is_some_and(|path| path.contains('?')) {
            return Err(ApiError::PATH);
        }
        if request.query.as_deref().is_some_and(|query| query.len() > 1024) {
            return Err(ApiError::QUERY);
        }
        let version = request.env_version.as_deref().unwrap_or("release");
        if !["release", "trial", "develop"].contains(&version) {
            return Err(ApiError::VERSION);
        }
        if !lives_long_enough(&request, now) {
            return Err(ApiError::LINK_TIME);
        }
        Ok(json!({ "url_link": format!("https://wxaurl.cn/{}", random::alphanumeric(11)) }))
    })
}

/// A link is valid for a minute to 30 days.
fn lives_long_enough(request: &LinkRequest, now: Millis) -> bool {
    match (request.expire_type, request.expire_time, request.expire_interval) {
        (0, Some(seconds), _) => (MINUTE..=30 * DAY).contains(&(seconds * SECOND - now)),
        (1, _, Some(days)) => (1..=30).contains(&days),
        // without a time, the link is valid for 30 days
        (0, None, _) | (1, _, None) => true,
        _ => false,
    }
}
