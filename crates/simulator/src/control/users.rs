//! The users.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;

use super::input::{ControlError, read};
use crate::{app_state::SharedState, user::User};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    nickname: String,
}

pub(super) async fn list(State(app): State<SharedState>) -> Json<Vec<User>> {
    Json(app.database().users.clone())
}

pub(super) async fn create(State(app): State<SharedState>, body: Bytes) -> Result<Json<User>, ControlError> {
    let NewUser { nickname } = read(&body, "{\"nickname\": \"…\"}")?;
    let mut db = app.database_mut();
    let user = db.accounts.new_user(&nickname);
    db.users.push(user.clone());
    Ok(Json(user))
}
