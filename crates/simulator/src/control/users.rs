//! The users.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;

use super::input::{ControlError, read};
use crate::{app_state::SharedState, database::Database, user::User};

/// The user with this openid, or the demo user.
pub(super) fn user_of<'a>(db: &'a mut Database, openid: Option<&str>) -> Result<&'a mut User, ControlError> {
    let mut users = db.users.iter_mut();
    let user = match openid {
        Some(openid) => users.find(|user| user.is(openid)),
        None => users.next(),
    };
    user.ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, "no user has this openid"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    nickname: String,
    /// `None` makes a random one; it may be empty.
    unionid: Option<String>,
}

pub(super) async fn list(State(app): State<SharedState>) -> Json<Vec<User>> {
    Json(app.database().users.clone())
}

pub(super) async fn create(State(app): State<SharedState>, body: Bytes) -> Result<Json<User>, ControlError> {
    let NewUser { nickname, unionid } = read(&body, "{\"nickname\": \"…\", \"unionid\"?: \"…\"}")?;
    let mut db = app.database_mut();
    let mut user = db.accounts.new_user(&nickname);
    user.unionid = unionid.unwrap_or(user.unionid);
    db.users.push(user.clone());
    Ok(Json(user))
}
