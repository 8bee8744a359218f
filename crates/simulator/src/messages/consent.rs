//! What users allow: their answers when a page or a mini program asks for a template.

use serde::{Deserialize, Serialize};

use super::{MessageKind, Template};
use crate::{database::Database, user::User};

/// What the user answers when a page or a mini program asks for a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Accept,
    Reject,
}

/// The messages that a user allows an account to send with a template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) appid: String,
    pub(crate) openid: String,
    pub(crate) template_id: String,
    /// The number of messages that are left. For a long-term template, each number above 0 means no limit.
    pub(crate) left: u32,
}

fn template<'a>(db: &'a Database, appid: &str, template_id: &str) -> Option<&'a Template> {
    let app = db.accounts.apps().find(|app| app.appid == appid)?;
    app.templates.iter().find(|template| template.id == template_id && template.kind != MessageKind::Template)
}

/// The user answers a request for a template. Each consent to a one-time template adds one message. Returns false if
/// the account has no such template.
pub(crate) fn answer(db: &mut Database, appid: &str, user: &User, template_id: &str, answer: Answer) -> bool {
    let Some(template) = template(db, appid, template_id) else { return false };
    let is_one_time = template.kind == MessageKind::OneTime;
    let openid = db.accounts.openid(user, appid).to_owned();
    let known = db.subscriptions.iter_mut().find(|known| known.is(appid, &openid, template_id));
    match (answer, known) {
        (Answer::Accept, Some(known)) if is_one_time => known.left += 1,
        (Answer::Accept, Some(known)) => known.left = 1,
        (Answer::Accept, None) => db.subscriptions.push(Subscription {
            appid: appid.to_owned(),
            openid,
            template_id: template_id.to_owned(),
            left: 1,
        }),
        // a refusal ends a long-term subscription; earlier consents to a one-time template stay
        (Answer::Reject, Some(known)) if !is_one_time => known.left = 0,
        (Answer::Reject, _) => {}
    }
    true
}

impl Subscription {
    fn is(&self, appid: &str, openid: &str, template_id: &str) -> bool {
        self.appid == appid && self.openid == openid && self.template_id == template_id
    }
}

/// Uses one allowed message. Returns false if the user allows none.
pub(super) fn use_consent(
    db: &mut Database,
    appid: &str,
    openid: &str,
    template_id: &str,
    kind: MessageKind,
) -> bool {
    let known = db.subscriptions.iter_mut().find(|known| known.is(appid, openid, template_id));
    let Some(known) = known.filter(|known| known.left > 0) else { return false };
    if kind == MessageKind::OneTime {
        known.left -= 1;
    }
    true
}
