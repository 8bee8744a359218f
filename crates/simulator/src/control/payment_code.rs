//! A user shows the payment code.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    input::{ControlError, read},
    users::user_of,
};
use crate::{app_state::SharedState, pay::issue_payment_code};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowRequest {
    openid: Option<String>,
    #[serde(default)]
    password: bool,
}

pub(super) async fn show(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let accepted = "{\"openid\"?: \"…\" (the demo user if it is missing), \"password\"?: bool (asks for it)}";
    let ShowRequest { openid, password } = read(&body, accepted)?;
    let now = app.clock.now();
    let mut db = app.database_mut();
    let user = user_of(&mut db, openid.as_deref())?.clone();
    let code = issue_payment_code(&mut db, &user, password, now);
    Ok(Json(json!({ "auth_code": code, "openid": user.openid, "password": password })))
}
