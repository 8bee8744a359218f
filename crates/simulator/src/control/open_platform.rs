//! Binds an account to an open platform account (开放平台), or ends the binding.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::app_state::SharedState;

const ACCEPTED: &str = "{\"appid\": \"wx…\", \"open_platform\": \"a name\" (empty: bound to none)}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Binding {
    appid: String,
    open_platform: String,
}

/// From now on the account tells the unionids of this open platform account, or none.
pub(super) async fn bind(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let Binding { appid, open_platform } = read(&body, ACCEPTED)?;
    let mut db = app.database_mut();
    let accounts = &mut db.accounts;
    let mut apps =
        accounts.service_accounts.iter_mut().chain(&mut accounts.miniprograms).chain(&mut accounts.websites);
    let Some(account) = apps.find(|app| app.appid == appid) else {
        return Err(ControlError::new(StatusCode::NOT_FOUND, format!("{appid}: no such account")));
    };
    account.open_platform.clone_from(&open_platform);
    let accounts = accounts.clone();
    db.users.iter_mut().for_each(|user| accounts.introduce(user));
    Ok(Json(json!({ "appid": appid, "open_platform": open_platform })))
}
