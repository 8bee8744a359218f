//! A user opens the mini program and shares the profile and the phone number.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::{
    input::{ControlError, read},
    users::user_of,
};
use crate::{
    app_state::SharedState,
    login::{phone_code, phone_number, program_code, user_info},
};

const ACCEPTED: &str = "{\"openid\"?: \"…\" (the demo user if it is missing), \"appid\"?: \"…\" (the first mini program \
    if it is missing)}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRequest {
    openid: Option<String>,
    appid: Option<String>,
}

pub(super) async fn open(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let OpenRequest { openid, appid } = read(&body, ACCEPTED)?;
    let now = app.clock.now();
    let mut db = app.database_mut();
    let user = user_of(&mut db, openid.as_deref())?.clone();
    let appid = appid.unwrap_or_else(|| db.accounts.first_miniprogram().to_owned());
    if db.accounts.miniprogram(&appid).is_none() {
        return Err(ControlError::new(StatusCode::NOT_FOUND, format!("{appid}: no such mini program")));
    }
    let (code, session_key) = program_code(&mut db, &appid, &user, now);
    let phone_code = phone_code(&mut db, &appid, &user, now);
    let openid = db.accounts.openid(&user, &appid).to_owned();
    let unionid = db.accounts.unionid(&user, &appid);
    let mut response = user_info(&appid, &openid, unionid, &user, &session_key);
    response["code"] = code.into();
    response["openid"] = openid.into();
    response["phone"] = phone_number(&appid, &user, &session_key);
    response["phone"]["code"] = phone_code.into();
    Ok(Json(response))
}
