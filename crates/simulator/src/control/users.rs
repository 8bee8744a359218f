//! The shoppers.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;

use super::input::{ControlError, read};
use crate::{user::User, world::Shared};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Somebody {
    nickname: String,
}

pub(super) async fn list(State(world): State<Shared>) -> Json<Vec<User>> {
    Json(world.look().users.clone())
}

pub(super) async fn create(State(world): State<Shared>, body: Bytes) -> Result<Json<User>, ControlError> {
    let Somebody { nickname } = read(&body, "{\"nickname\": \"…\"}")?;
    let user = User::new(&nickname);
    world.change().users.push(user.clone());
    Ok(Json(user))
}
