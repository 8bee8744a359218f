//! Messages to users, and what users allow.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    input::{ControlError, read},
    users::user_of,
};
use crate::{
    app_state::SharedState,
    clock::rfc3339,
    messages::{Answer, SentMessage, answer},
};

const CONSENT: &str = "{\"template_id\": \"…\", \"openid\"?: \"…\" (the demo user if it is missing), \"answer\"?: \"accept\"|\"reject\", \
    \"times\"?: 1 to 100}";

const FOLLOW: &str = "{\"openid\"?: \"…\" (the demo user if it is missing), \"appid\"?: \"wx…\" (the first service account if it is \
    missing), \"follows\"?: true|false}";

/// `GET /_simulator/messages`: the sent messages, oldest first, the consents, and the templates.
pub(super) async fn show(State(app): State<SharedState>) -> Json<Value> {
    let db = app.database();
    let templates: Vec<Value> = db
        .accounts
        .apps()
        .flat_map(|app| app.templates.iter().map(move |template| (app, template)))
        .map(|(app, template)| {
            json!({
                "appid": app.appid,
                "id": template.id,
                "title": template.title,
                "kind": template.kind,
                "fields": template.fields,
            })
        })
        .collect();
    let messages: Vec<Value> = db.messages.iter().map(message).collect();
    Json(json!({ "messages": messages, "consents": db.subscriptions, "templates": templates }))
}

fn message(message: &SentMessage) -> Value {
    let mut shown = json!(message);
    shown["sent_at"] = rfc3339(message.sent_at).into();
    shown
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    template_id: String,
    openid: Option<String>,
    answer: Option<Answer>,
    times: Option<u32>,
}

/// `POST /_simulator/messages/consent`: the user answers a request for a template.
pub(super) async fn consent(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let request: Consent = read(&body, CONSENT)?;
    let times = request.times.unwrap_or(1);
    if !(1..=100).contains(&times) {
        return Err(ControlError::bad("times must be 1 to 100", CONSENT));
    }
    let mut db = app.database_mut();
    let user = user_of(&mut db, request.openid.as_deref())?.clone();
    let has_template =
        |app: &&crate::account::App| app.templates.iter().any(|template| template.id == request.template_id);
    let account = db.accounts.apps().find(has_template).map(|app| app.appid.clone());
    let unknown = || ControlError::new(StatusCode::NOT_FOUND, "no account has this template");
    let appid = account.ok_or_else(unknown)?;
    let given = request.answer.unwrap_or(Answer::Accept);
    for _ in 0..times {
        if !answer(&mut db, &appid, &user, &request.template_id, given) {
            let why = "users do not subscribe to a template message: they follow the account";
            return Err(ControlError::new(StatusCode::CONFLICT, why));
        }
    }
    let openid = db.accounts.openid(&user, &appid);
    let is_it = |known: &&crate::messages::Subscription| {
        known.appid == appid && known.openid == openid && known.template_id == request.template_id
    };
    let left = db.subscriptions.iter().find(is_it).map_or(0, |known| known.left);
    Ok(Json(json!({ "appid": appid, "openid": openid, "answer": given, "left": left })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Follow {
    openid: Option<String>,
    appid: Option<String>,
    follows: Option<bool>,
}

/// `POST /_simulator/follow`: the user begins or ends to follow a service account.
pub(super) async fn follow(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let request: Follow = read(&body, FOLLOW)?;
    let mut db = app.database_mut();
    let appid = request.appid.unwrap_or_else(|| db.accounts.first_service_account().appid.clone());
    if db.accounts.service_account(&appid).is_none() {
        return Err(ControlError::new(StatusCode::NOT_FOUND, format!("{appid}: no such service account")));
    }
    let user = user_of(&mut db, request.openid.as_deref())?;
    let follows = request.follows.unwrap_or(true);
    if follows {
        user.follows.insert(appid.clone());
    } else {
        user.follows.remove(&appid);
    }
    Ok(Json(json!({ "appid": appid, "follows": follows })))
}
