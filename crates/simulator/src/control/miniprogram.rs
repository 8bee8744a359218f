//! A person opens the mini program.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{login::program_code, world::Shared};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    openid: Option<String>,
}

pub(super) async fn open(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let Opened { openid } = read(&body, "{\"openid\"?: \"…\"}, the demo user's without one")?;
    let now = world.clock.now();
    let mut state = world.change();
    let user = match &openid {
        Some(openid) => state.user(openid),
        None => state.users.first(),
    };
    let user =
        user.cloned().ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, "nobody has this openid"))?;
    let code = program_code(&mut state, &user, now);
    Ok(Json(json!({ "code": code, "openid": user.miniprogram_openid })))
}
