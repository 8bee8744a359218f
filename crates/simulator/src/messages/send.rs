//! The calls that send a message.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{MessageKind, consent, field};
use crate::{
    clock::{MINUTE, Millis},
    database::Database,
    login::{AccountKind, ApiError, TokenCall},
};

/// How long a `client_msg_id` is remembered.
const SAME_ID_WITHIN: Millis = 10 * MINUTE;

/// `msgid` of the first message. Real numbers need more than 53 bits.
const FIRST_MSGID: i64 = 3_000_000_000_000_000_001;

/// A message that a user received.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SentMessage {
    pub(crate) msgid: i64,
    pub(crate) appid: String,
    pub(crate) openid: String,
    pub(crate) template_id: String,
    pub(crate) title: String,
    pub(crate) kind: MessageKind,
    /// The values as the user sees them.
    pub(crate) data: BTreeMap<String, String>,
    /// What a tap opens: the page of a mini program, or an address.
    pub(crate) page: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) miniprogram: Option<Value>,
    pub(crate) client_msg_id: Option<String>,
    pub(crate) sent_at: Millis,
}

/// The body of the three calls: the fields of all of them. A field that a call does not have is ignored.
#[derive(Deserialize)]
struct Message {
    touser: Option<String>,
    template_id: Option<String>,
    data: Option<BTreeMap<String, FieldValue>>,
    page: Option<String>,
    url: Option<String>,
    miniprogram: Option<Value>,
    miniprogram_state: Option<String>,
    lang: Option<String>,
    client_msg_id: Option<String>,
}

#[derive(Deserialize)]
struct FieldValue {
    value: Value,
}

impl FieldValue {
    fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// `message/subscribe/send`
pub(super) async fn subscribe_send(call: TokenCall) -> Response {
    let run = |db: &mut Database, appid: &str, message: Message, now| {
        let sent = send(db, appid, message, |kind| kind != MessageKind::Template, now)?;
        Ok(json!({ "msgid": sent }))
    };
    call.answer(AccountKind::MiniProgram, run)
}

/// `message/subscribe/bizsend`
pub(super) async fn bizsend(call: TokenCall) -> Response {
    let run = |db: &mut Database, appid: &str, message: Message, now| {
        send(db, appid, message, |kind| kind != MessageKind::Template, now)?;
        Ok(json!({}))
    };
    call.answer(AccountKind::Service, run)
}

/// `message/template/send`
pub(super) async fn template_send(call: TokenCall) -> Response {
    let run = |db: &mut Database, appid: &str, message: Message, now| {
        let sent = send(db, appid, message, |kind| kind == MessageKind::Template, now)?;
        Ok(json!({ "msgid": sent }))
    };
    call.answer(AccountKind::Service, run)
}

/// Checks and stores a message. Returns its `msgid`.
fn send(
    db: &mut Database,
    appid: &str,
    message: Message,
    is_for_call: fn(MessageKind) -> bool,
    now: Millis,
) -> Result<i64, ApiError> {
    let openid = message.touser.as_deref().unwrap_or_default();
    let user = db.users.iter().find(|user| db.accounts.openid(user, appid) == openid);
    let user = user.ok_or(ApiError::OPENID)?;
    let template_id = message.template_id.as_deref().unwrap_or_default();
    let account = db.accounts.apps().find(|app| app.appid == appid);
    let template = account
        .and_then(|app| app.templates.iter().find(|known| known.id == template_id && is_for_call(known.kind)))
        .cloned()
        .ok_or(ApiError::TEMPLATE_ID)?;
    let is_word =
        |word: &Option<String>, known: &[&str]| word.as_deref().is_none_or(|word| known.contains(&word));
    if !is_word(&message.miniprogram_state, &["developer", "trial", "formal"])
        || !is_word(&message.lang, &["zh_CN", "en_US", "zh_HK", "zh_TW"])
    {
        return Err(ApiError::ARGUMENTS);
    }
    if template.kind == MessageKind::Template && !user.follows.contains(appid) {
        return Err(ApiError::FOLLOWERS_ONLY);
    }
    let data = fields(&template.fields, message.data.unwrap_or_default())?;
    let known = db.messages.iter().rev().find(|known| {
        known.appid == appid
            && known.openid == openid
            && known.client_msg_id.is_some()
            && known.client_msg_id == message.client_msg_id
            && now < known.sent_at + SAME_ID_WITHIN
    });
    if let Some(known) = known {
        return Ok(known.msgid);
    }
    if template.kind != MessageKind::Template
        && !consent::use_consent(db, appid, openid, template_id, template.kind)
    {
        return Err(ApiError::NO_CONSENT);
    }
    let msgid = db.messages.last().map_or(FIRST_MSGID, |last| last.msgid + 1);
    db.messages.push(SentMessage {
        msgid,
        appid: appid.to_owned(),
        openid: openid.to_owned(),
        template_id: template.id,
        title: template.title,
        kind: template.kind,
        data,
        page: message.page,
        url: message.url,
        miniprogram: message.miniprogram,
        client_msg_id: message.client_msg_id,
        sent_at: now,
    });
    Ok(msgid)
}

/// The values as the user sees them. An error names the field that is missing, unknown or does not fit its kind.
fn fields(
    known: &[String],
    given: BTreeMap<String, FieldValue>,
) -> Result<BTreeMap<String, String>, ApiError> {
    if let Some(missing) = known.iter().find(|name| !given.contains_key(*name)) {
        return Err(ApiError::invalid_field(missing));
    }
    given
        .into_iter()
        .map(|(name, value)| {
            let shown = Some(&name).filter(|name| known.contains(name));
            let shown = shown.and_then(|name| field::shown(name, &value.text()));
            shown.map(|shown| (name.clone(), shown)).ok_or_else(|| ApiError::invalid_field(&name))
        })
        .collect()
}
