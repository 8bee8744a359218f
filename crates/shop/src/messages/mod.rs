//! Sends messages to shoppers and staff. The commit of a change writes its messages to the outbox
//! (`store::NewMessage`). A job sends each message once.

mod content;
mod facts;
mod mail;
mod outbox;
mod send;
mod send_outcome;
mod settings;
mod staff_text;
mod template;
mod webhook;

use std::sync::Arc;

use model::message::{MessageChannel, MessagePlan};
use store::Store;
use wechat::{Official, miniprogram::MiniProgram};

use crate::{Clock, Ids, MerchantAccount, Settings, shop::Parts};

pub use self::{
    mail::{MailSecurity, Mailbox, StaffMail},
    settings::{ConsentMoment, MessageSettings, OfficialMessages, StaffChannels},
    template::{MessageTemplate, TemplateError},
    webhook::{Webhook, WebhookError},
};

/// The handle of messages to shoppers and staff.
#[derive(Clone)]
pub struct Messages {
    official: Official,
    miniprogram: Option<MiniProgram>,
    settings: Arc<Settings>,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    plan: MessagePlan,
}

impl Messages {
    pub(crate) fn new(parts: &Parts) -> Self {
        let miniprogram_appid = parts.accounts.miniprogram().map_or("", MerchantAccount::appid);
        Self {
            plan: parts.settings.messages.plan(parts.official.appid(), miniprogram_appid),
            official: parts.official.clone(),
            miniprogram: parts.miniprogram.clone(),
            settings: Arc::clone(&parts.settings),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
        }
    }

    /// The configuration with which the store writes messages.
    pub(crate) fn plan(&self) -> MessagePlan {
        self.plan.clone()
    }

    /// The ids of the templates that a page or the mini program asks the shopper to allow at this moment. WeChat allows
    /// three in one request. Empty if none is configured.
    #[must_use]
    pub fn templates_to_ask_for(&self, moment: ConsentMoment, channel: MessageChannel) -> Vec<String> {
        self.settings.messages.templates_to_ask_for(moment, channel)
    }
}
