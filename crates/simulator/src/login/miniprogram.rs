//! `/sns/jscode2session`: what a mini program's login code is good for (wechat-protocol.md, 6).

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApiError, error::sns};
use crate::{
    account::{MINIPROGRAM_APPID, MINIPROGRAM_SECRET},
    clock::{MINUTE, Millis},
    query::Query,
    random,
    state::State as Everything,
    user::User,
    world::{Shared, World},
};

/// A code that was not used is good for this long.
const CODE_LIFETIME: Millis = 5 * MINUTE;

/// What `wx.login` gives to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProgramCode {
    openid: String,
    issued_at: Millis,
    used: bool,
}

/// As if this person had opened the mini program.
pub(crate) fn program_code(state: &mut Everything, user: &User, now: Millis) -> String {
    let code = format!("0{}", random::alphanumeric(31));
    let issued = ProgramCode { openid: user.miniprogram_openid.clone(), issued_at: now, used: false };
    state.program_codes.insert(code.clone(), issued);
    code
}

pub(super) async fn jscode2session(State(world): State<Shared>, RawQuery(query): RawQuery) -> Response {
    match session(&world, &Query::parse(query.as_deref())) {
        Ok(body) => sns(&body),
        Err(error) => error.into_response(),
    }
}

fn session(world: &World, query: &Query) -> Result<Value, ApiError> {
    let appid = query.get("appid").ok_or(ApiError::APPID_MISSING)?;
    let secret = query.get("secret").ok_or(ApiError::SECRET_MISSING)?;
    let code = query.get("js_code").ok_or(ApiError::CODE_MISSING)?;
    if query.get("grant_type") != Some("authorization_code") {
        return Err(ApiError::GRANT_TYPE);
    }
    if appid != MINIPROGRAM_APPID {
        return Err(ApiError::APPID);
    }
    if secret != MINIPROGRAM_SECRET {
        return Err(ApiError::SECRET);
    }
    let now = world.clock.now();
    let mut state = world.change();
    let issued = state.program_codes.get_mut(code).ok_or(ApiError::CODE)?;
    if issued.used {
        return Err(ApiError::CODE_USED);
    }
    if now >= issued.issued_at + CODE_LIFETIME {
        return Err(ApiError::CODE);
    }
    issued.used = true;
    let openid = issued.openid.clone();
    let user = state.user(&openid).ok_or(ApiError::CODE)?;
    Ok(json!({
        "session_key": STANDARD.encode(random::alphanumeric(16)),
        "openid": openid,
        "unionid": user.unionid,
    }))
}
