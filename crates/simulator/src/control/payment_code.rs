//! A person shows the payment code.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{pay::show_code, world::Shared};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    openid: Option<String>,
    #[serde(default)]
    password: bool,
}

pub(super) async fn show(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let accepted = "{\"openid\"?: \"…\" (the demo user's without one), \"password\"?: bool (asks for it)}";
    let Shown { openid, password } = read(&body, accepted)?;
    let now = world.clock.now();
    let mut state = world.change();
    let user = match &openid {
        Some(openid) => state.user(openid),
        None => state.users.first(),
    };
    let user =
        user.cloned().ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, "nobody has this openid"))?;
    let code = show_code(&mut state, &user, password, now);
    Ok(Json(json!({ "auth_code": code, "openid": user.openid, "password": password })))
}
