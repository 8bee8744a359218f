//! Messages and events that the simulated WeChat pushes to an account's server.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::input::{ControlError, read};
use crate::{
    account::App,
    app_state::{AppState, SharedState},
    clock::SECOND,
    push::{Tamper, check_url, push as deliver},
};

const ACCEPTED: &str = "{\"message\": {\"MsgType\": \"event\", \"Event\": \"…\", …}, \"appid\"?: \"wx…\" (the service account if it is \
    missing), \"tamper\"?: \"signature\"|\"token\"|\"key\"|\"appid\"}. ToUserName, FromUserName and CreateTime are added";

const CHECK_ACCEPTED: &str = "{\"appid\"?: \"wx…\"}, the service account if it is missing";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushRequest {
    appid: Option<String>,
    message: Map<String, Value>,
    tamper: Option<Tamper>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    appid: Option<String>,
}

/// `POST /_simulator/push`.
pub(super) async fn push(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let PushRequest { appid, mut message, tamper } = read(&body, ACCEPTED)?;
    if !message.get("MsgType").is_some_and(Value::is_string) {
        return Err(ControlError::bad("the message has no MsgType", ACCEPTED));
    }
    let (account, is_miniprogram) = account(&app, appid.as_deref())?;
    let openid = {
        let db = app.database();
        db.users.first().map(|user| db.accounts.openid(user, &account.appid).to_owned())
    };
    message.entry("ToUserName").or_insert_with(|| json!(format!("gh_{}", &account.appid[6..])));
    message.entry("FromUserName").or_insert_with(|| json!(openid.unwrap_or_default()));
    message.entry("CreateTime").or_insert_with(|| json!(app.clock.now() / SECOND));
    let tries = deliver(&app, &account, is_miniprogram, &message, tamper).await.ok_or_else(no_url)?;
    let acknowledged = tries.last().is_some_and(|last| last.acknowledged);
    Ok(Json(json!({ "acknowledged": acknowledged, "tries": tries })))
}

/// `POST /_simulator/push/check`.
pub(super) async fn check(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let CheckRequest { appid } = read(&body, CHECK_ACCEPTED)?;
    let (account, is_miniprogram) = account(&app, appid.as_deref())?;
    let (answer, accepted) = check_url(&app, &account, is_miniprogram).await.ok_or_else(no_url)?;
    Ok(Json(json!({ "accepted": accepted, "status": answer.status, "body": answer.body })))
}

fn no_url() -> ControlError {
    ControlError::new(StatusCode::CONFLICT, "the push URL of the account is not valid")
}

/// The account, and whether it is a mini program.
fn account(app: &AppState, appid: Option<&str>) -> Result<(App, bool), ControlError> {
    let db = app.database();
    let Some(appid) = appid else { return Ok((db.accounts.first_service_account().clone(), false)) };
    let found = match (db.accounts.service_account(appid), db.accounts.miniprogram(appid)) {
        (Some(account), _) => Some((account.clone(), false)),
        (None, Some(account)) => Some((account.clone(), true)),
        (None, None) => None,
    };
    found.ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, format!("no account has the appid {appid}")))
}
