//! `/sns/jscode2session`: exchanges the login code of a mini program (wechat-protocol.md, 6).

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApiError, api_error::sns};
use crate::{
    app_state::{AppState, SharedState},
    clock::{MINUTE, Millis},
    database::Database,
    query::Query,
    random,
    user::User,
};

/// How long an unused code is valid.
const CODE_LIFETIME: Millis = 5 * MINUTE;

/// The largest number of sessions of one user per minute.
const MAX_SESSIONS_PER_MINUTE: usize = 100;

/// A code of `wx.login`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProgramCode {
    appid: String,
    openid: String,
    issued_at: Millis,
    used: bool,
    /// Each `wx.login` creates a new session.
    #[serde(default = "session_key")]
    session_key: String,
}

fn session_key() -> String {
    STANDARD.encode(random::alphanumeric(16))
}

/// Acts as if this user had opened this mini program. Returns the code and the session key.
pub(crate) fn program_code(db: &mut Database, appid: &str, user: &User, now: Millis) -> (String, String) {
    let code = format!("0{}", random::alphanumeric(31));
    let (openid, session_key) = (db.accounts.openid(user, appid).to_owned(), session_key());
    let appid = appid.to_owned();
    let issued = ProgramCode { appid, openid, issued_at: now, used: false, session_key: session_key.clone() };
    db.program_codes.insert(code.clone(), issued);
    (code, session_key)
}

/// Whether this user has logged in too often in the last minute.
fn too_often(db: &mut Database, openid: &str, now: Millis) -> bool {
    let calls = db.sessions_asked.entry(openid.to_owned()).or_default();
    calls.retain(|at| now - at < MINUTE);
    calls.push(now);
    calls.len() > MAX_SESSIONS_PER_MINUTE
}

pub(super) async fn jscode2session(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    match session(&app, &Query::parse(query.as_deref())) {
        Ok(body) => sns(&body),
        Err(error) => error.into_response(),
    }
}

fn session(app: &AppState, query: &Query) -> Result<Value, ApiError> {
    let appid = query.get("appid").ok_or(ApiError::APPID_MISSING)?;
    let secret = query.get("secret").ok_or(ApiError::SECRET_MISSING)?;
    let code = query.get("js_code").ok_or(ApiError::CODE_MISSING)?;
    if query.get("grant_type") != Some("authorization_code") {
        return Err(ApiError::GRANT_TYPE);
    }
    let now = app.clock.now();
    let mut db = app.database_mut();
    let miniprogram = db.accounts.miniprogram(appid).ok_or(ApiError::APPID)?;
    if secret != miniprogram.secret {
        return Err(ApiError::SECRET);
    }
    let known = db.program_codes.get(code).map(|issued| issued.openid.clone());
    if known.is_some_and(|openid| too_often(&mut db, &openid, now)) {
        return Err(ApiError::MINUTE_LIMIT);
    }
    let issued = db.program_codes.get_mut(code).filter(|issued| issued.appid == appid);
    let issued = issued.ok_or(ApiError::CODE)?;
    if issued.used {
        return Err(ApiError::CODE_USED);
    }
    if now >= issued.issued_at + CODE_LIFETIME {
        return Err(ApiError::CODE);
    }
    issued.used = true;
    let (openid, session_key) = (issued.openid.clone(), issued.session_key.clone());
    let user = db.user(&openid).ok_or(ApiError::CODE)?;
    let mut body = json!({ "session_key": session_key, "openid": openid });
    if let Some(unionid) = db.accounts.unionid(user, appid) {
        body["unionid"] = unionid.into();
    }
    Ok(body)
}
