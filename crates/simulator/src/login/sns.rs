//! `/sns/*`: the calls for the code and the token of a login (wechat-protocol.md, 1.2 to 1.5).

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{ApiError, WebToken, api_error::sns};
use crate::{
    app_state::{AppState, SharedState},
    clock::{MINUTE, Millis},
    query::Query,
    user::User,
};

/// How long an unused code is valid.
const CODE_LIFETIME: Millis = 5 * MINUTE;

/// `expires_in` of the token.
const EXPIRES_IN: i64 = 7200;

type Answer = Result<Value, ApiError>;

fn respond(answer: Answer) -> Response {
    match answer {
        Ok(body) => sns(&body),
        Err(error) => error.into_response(),
    }
}

pub(super) async fn access_token(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    respond(exchange(&app, &Query::parse(query.as_deref())))
}

pub(super) async fn refresh_token(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    respond(refresh(&app, &Query::parse(query.as_deref())))
}

pub(super) async fn userinfo(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    respond(info(&app, &Query::parse(query.as_deref())))
}

pub(super) async fn auth(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    let query = Query::parse(query.as_deref());
    respond(token(&app, &query).map(|_| json!({ "errcode": 0, "errmsg": "ok" })))
}

fn exchange(app: &AppState, query: &Query) -> Answer {
    let appid = query.get("appid").ok_or(ApiError::APPID_MISSING)?;
    let secret = query.get("secret").ok_or(ApiError::SECRET_MISSING)?;
    let code = query.get("code").ok_or(ApiError::CODE_MISSING)?;
    if query.get("grant_type") != Some("authorization_code") {
        return Err(ApiError::GRANT_TYPE);
    }
    let now = app.clock.now();
    let mut db = app.database_mut();
    let account = db.accounts.login_account(appid).ok_or(ApiError::APPID)?;
    if secret != account.secret {
        return Err(ApiError::SECRET);
    }
    let issued = db.codes.get_mut(code).filter(|issued| issued.appid == appid).ok_or(ApiError::CODE)?;
    if issued.used {
        return Err(ApiError::CODE_USED);
    }
    if now >= issued.issued_at + CODE_LIFETIME {
        return Err(ApiError::CODE);
    }
    issued.used = true;
    let token = WebToken::new(issued, now);
    let mut body = grant(&token);
    if token.may_read_profile()
        && let Some(user) = db.user(&token.openid)
        && let Some(unionid) = db.accounts.unionid(user, appid)
    {
        body["unionid"] = unionid.into();
    }
    if token.snapshot {
        body["is_snapshotuser"] = 1.into();
        // a virtual user also has a virtual unionid (wechat-protocol-2.md, 4)
        body["unionid"] = User::random_openid().into();
    }
    db.web_tokens.push(token);
    Ok(body)
}

fn grant(token: &WebToken) -> Value {
    json!({
        "access_token": token.access_token,
        "expires_in": EXPIRES_IN,
        "refresh_token": token.refresh_token,
        "openid": token.openid,
        "scope": token.scope,
    })
}

fn refresh(app: &AppState, query: &Query) -> Answer {
    let appid = query.get("appid").ok_or(ApiError::APPID_MISSING)?;
    let refresh_token = query.get("refresh_token").ok_or(ApiError::REFRESH_TOKEN_MISSING)?;
    if query.get("grant_type") != Some("refresh_token") {
        return Err(ApiError::GRANT_TYPE);
    }
    let now = app.clock.now();
    let mut db = app.database_mut();
    if db.accounts.login_account(appid).is_none() {
        return Err(ApiError::APPID);
    }
    let mut tokens = db.web_tokens.iter_mut();
    let token = tokens.find(|token| token.refresh_token == refresh_token && token.appid == appid);
    let token = token.ok_or(ApiError::REFRESH_TOKEN)?;
    token.refresh(now)?;
    Ok(grant(token))
}

/// The token in the query, if it belongs to the user in the query.
fn token(app: &AppState, query: &Query) -> Result<WebToken, ApiError> {
    let access_token = query.get("access_token").ok_or(ApiError::TOKEN_MISSING)?;
    let openid = query.get("openid").ok_or(ApiError::OPENID_MISSING)?;
    let db = app.database();
    let token = db.web_tokens.iter().find(|token| token.access_token == access_token);
    let token = token.ok_or(ApiError::CREDENTIAL)?;
    token.check(openid, app.clock.now())?;
    Ok(token.clone())
}

fn info(app: &AppState, query: &Query) -> Answer {
    let token = token(app, query)?;
    if query.get("lang").is_some_and(|lang| !["zh_CN", "zh_TW", "en"].contains(&lang)) {
        return Err(ApiError::ARGUMENTS);
    }
    if !token.may_read_profile() || token.snapshot {
        return Err(ApiError::UNAUTHORIZED);
    }
    let db = app.database();
    let user = db.user(&token.openid).ok_or(ApiError::OPENID)?;
    let mut body = json!({
        "openid": token.openid,
        "nickname": user.nickname,
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": user.headimgurl,
        "privilege": [],
    });
    if let Some(unionid) = db.accounts.unionid(user, &token.appid) {
        body["unionid"] = unionid.into();
    }
    Ok(body)
}
