//! Sends one message at most once.

use model::{
    message::{DropReason, MessageChannel, MessageState},
    record::MessageRecord,
};
use sha2::{Digest, Sha256};
use wechat::message::{MessageData, SubscribeMessage, SubscriptionNotification, TemplateMessage};

use super::{
    Messages, OfficialMessages,
    content::Content,
    facts::is_too_late,
    outbox::{BeginSending, StoreOutcome},
    send_outcome::SendOutcome,
};
use crate::{ShopError, ids::nonce};

/// A message that is ready to be sent.
enum Ready {
    MiniProgram(SubscribeMessage),
    Notification(SubscriptionNotification),
    Template(TemplateMessage),
    /// The text for staff.
    Staff(String),
}

impl Messages {
    /// Sends a waiting message. Returns `true` if nothing is left to do, `false` if nothing was sent and the job has to
    /// try again.
    ///
    /// The row is `sending` before the call. If the job finds this state, a server stopped during the call and the
    /// message may have arrived. So it becomes `unknown` and is not sent again.
    ///
    /// # Errors
    /// A failing database. The job runs again.
    pub(crate) async fn send(&self, id: &str) -> Result<bool, ShopError> {
        let Some(message) = self.store.message(id).await? else { return Ok(true) };
        match message.state {
            MessageState::Waiting => {}
            MessageState::Sending => {
                let detail = "the server stopped while it sent the message";
                let unknown = SendOutcome::new(MessageState::Unknown, "", detail);
                return self.conclude(&message, message.sender.clone(), unknown).await;
            }
            MessageState::Sent | MessageState::Refused | MessageState::Dropped | MessageState::Unknown => {
                return Ok(true);
            }
        }
        let channel = self.channel_of(&message).await?;
        let ready = match self.prepare(&message, channel).await? {
            Ok(ready) => ready,
            Err(ended) => return self.conclude(&message, String::new(), ended).await,
        };
        let sender = nonce(&*self.ids);
        let begin = BeginSending {
            id: message.id.clone(),
            sender: sender.clone(),
            channel,
            now_ms: self.clock.now_ms(),
        };
        if !self.store.write(begin).await? {
            // another run sends it
            return Ok(true);
        }
        let outcome = self.deliver(&ready, channel).await;
        self.conclude(&message, sender, outcome).await
    }

    async fn conclude(
        &self,
        message: &MessageRecord,
        sender: String,
        outcome: SendOutcome,
    ) -> Result<bool, ShopError> {
        let SendOutcome { state, code, detail } = outcome;
        if state != MessageState::Sent {
            tracing::info!(message = message.id, %state, code, detail, "a message was not sent");
        }
        let now_ms = self.clock.now_ms();
        self.store
            .write(StoreOutcome { id: message.id.clone(), sender, state, code, detail, now_ms })
            .await?;
        Ok(state != MessageState::Waiting)
    }

    /// The message in the form of its channel, or the outcome if the shop does not send it.
    async fn prepare(
        &self,
        message: &MessageRecord,
        channel: MessageChannel,
    ) -> Result<Result<Ready, SendOutcome>, ShopError> {
        let dropped = |why: DropReason| {
            Ok(Err(SendOutcome::new(MessageState::Dropped, why, "the shop did not send the message")))
        };
        if is_too_late(message, self.clock.now_ms()) {
            return dropped(DropReason::TooLate);
        }
        if channel.is_to_staff() {
            return Ok(match self.staff_text(message).await? {
                Ok(text) => Ok(Ready::Staff(text)),
                Err(why) => return dropped(why),
            });
        }
        let content = match self.facts(message).await? {
            Ok(content) => content,
            Err(why) => return dropped(why),
        };
        let Some(template) = self.settings.messages.template(message.subject, channel) else {
            return dropped(DropReason::NotConfigured);
        };
        Ok(match template.data(&content) {
            Ok(data) => Ok(self.to_shopper(message, channel, &template.id, data, &content)),
            Err(error) => Err(SendOutcome::new(MessageState::Refused, "field", error)),
        })
    }

    fn to_shopper(
        &self,
        message: &MessageRecord,
        channel: MessageChannel,
        template_id: &str,
        data: MessageData,
        content: &Content,
    ) -> Ready {
        let recipient = message.recipient.as_str();
        if channel == MessageChannel::MiniProgram {
            let ready = SubscribeMessage::new(recipient, template_id, data);
            let page = self.settings.messages.miniprogram_order_page.as_ref();
            return Ready::MiniProgram(match page {
                Some(page) => ready.with_page(page.replace("{order}", &content.order)),
                None => ready,
            });
        }
        let url = format!("{}/orders/{}", self.settings.public_url, content.order);
        match self.settings.messages.official_messages {
            OfficialMessages::Subscription => Ready::Notification(
                SubscriptionNotification::new(recipient, template_id, data).with_page(url),
            ),
            OfficialMessages::Template => {
                // WeChat sends a message with the same `client_msg_id` only once within ten minutes
                let once = hex::encode(&Sha256::digest(message.id.as_bytes())[..16]);
                let ready = TemplateMessage::new(recipient, template_id, data);
                Ready::Template(ready.with_url(url).with_client_msg_id(once))
            }
        }
    }

    async fn deliver(&self, ready: &Ready, channel: MessageChannel) -> SendOutcome {
        let not_configured = || {
            let detail = "the configuration has no receiver for it any more";
            SendOutcome::new(MessageState::Dropped, DropReason::NotConfigured, detail)
        };
        let sent = match ready {
            Ready::MiniProgram(message) => match &self.miniprogram {
                Some(program) => program.send_subscribe_message(message).await,
                None => return not_configured(),
            },
            Ready::Notification(message) => self.official.send_subscription_notification(message).await,
            Ready::Template(message) => self.official.send_template_message(message).await.map(drop),
            Ready::Staff(text) => {
                let staff = &self.settings.messages.staff;
                return match (channel, &staff.webhook, &staff.mail) {
                    (MessageChannel::Webhook, Some(webhook), _) => webhook.send(text).await,
                    (MessageChannel::Mail, _, Some(mail)) => mail.send(text).await,
                    _ => not_configured(),
                };
            }
        };
        match sent {
            Ok(()) => SendOutcome::sent(),
            Err(error) => SendOutcome::of_wechat(&error),
        }
    }
}
