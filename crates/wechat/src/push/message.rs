use std::fmt;

use serde_json::Value;
use sha1::{Digest, Sha1};

use super::event::PushEvent;

/// A message or an event of an account, after the verification of its signature.
///
/// `Debug` shows only its kind, because it is personal data.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct PushMessage {
    /// The original id (`gh_…`) of the account.
    pub to_user: String,
    /// The openid of the user. In a trade management event this is an openid of WeChat itself.
    pub from_user: String,
    /// When WeChat created the message, in seconds since 1970.
    pub create_time: i64,
    /// `event`, `text`, `image` and others.
    pub msg_type: String,
    /// The event, if `msg_type` is `event`.
    pub event: Option<PushEvent>,
    /// `MsgId`: only messages of users have one.
    pub msg_id: Option<String>,
    content: Value,
}

impl PushMessage {
    /// Reads the fields. `None` if a field is missing that each push has, or if the time is not a number.
    pub(super) fn from_value(content: Value) -> Option<Self> {
        let msg_type = text(&content, "MsgType")?;
        let event = match &*msg_type {
            "event" => Some(PushEvent::from_value(&text(&content, "Event")?, &content)),
            _ => None,
        };
        Some(Self {
            to_user: text(&content, "ToUserName")?,
            from_user: text(&content, "FromUserName")?,
            create_time: text(&content, "CreateTime")?.parse().ok()?,
            msg_type,
            event,
            // not MsgID, which subscribe_msg_sent events have: that is the number of the sent message
            msg_id: text(&content, "MsgId").filter(|id| !id.is_empty()),
            content,
        })
    }

    /// The text of a field at the top level, such as `Content` of a text message. A number becomes text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        text(&self.content, name)
    }

    /// The message as JSON, to store it. [`PushMessage::from_json`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.content.to_string()
    }

    /// Reads a message that [`PushMessage::to_json`] wrote. It verifies nothing. `None` if the text is not such a
    /// message.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        Self::from_value(serde_json::from_str(text).ok()?)
    }

    /// The idempotency key: WeChat sends a message up to three times, and all copies have the same key. It is `MsgId`,
    /// or for an event the user, the time, the name and a hash of the content.
    ///
    /// WeChat's documents use only user and time for an event. This is not enough: the events of all orders come from
    /// one openid, and two of them can have the same second.
    #[must_use]
    pub fn dedup_key(&self) -> String {
        match &self.msg_id {
            Some(id) => format!("message:{id}"),
            None => {
                let name = self.text("Event").unwrap_or_default();
                let hash = hex::encode(Sha1::digest(self.content.to_string()));
                format!("event:{}:{}:{name}:{hash}", self.from_user, self.create_time)
            }
        }
    }
}

impl fmt::Debug for PushMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushMessage")
            .field("msg_type", &self.msg_type)
            .field("event", &self.text("Event"))
            .finish_non_exhaustive()
    }
}

/// The text of a field. In JSON, WeChat sends a number as a number or as a text.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
