//! The messages that the shop sends to shoppers and to staff. `crates/shop/src/messages` sends them.

use std::collections::BTreeSet;

use crate::{OpenId, record::AttemptRecord, word::words};

words! {
    /// What a message is about.
    MessageSubject {
        /// An order is paid.
        Paid = "paid",
        /// An order was shipped.
        Shipped = "shipped",
        /// The payer has the money of a refund.
        Refunded = "refunded",
        /// The shop agreed to a return, and the shopper has to send the goods.
        ReturnAgreed = "return_agreed",
        /// Staff declined an after-sale.
        RefundDeclined = "refund_declined",
        /// The time to pay ends soon.
        Expiring = "expiring",
        /// A shopper asked for an after-sale, or sent the goods back. Only staff get it.
        RefundWanted = "refund_wanted",
        /// The shop recorded a discrepancy. Only staff get it.
        Discrepancy = "discrepancy",
        /// A shopper complained at WeChat or wrote again, or the answer of staff is due soon. Only staff get it.
        Complaint = "complaint",
    }
}

words! {
    /// How a message is sent.
    MessageChannel {
        /// A subscription message of the mini program.
        MiniProgram = "miniprogram",
        /// A subscription notification or a template message of the official account.
        Official = "official",
        /// A group robot of the staff (企业微信群机器人).
        Webhook = "webhook",
        /// An e-mail to the staff.
        Mail = "mail",
    }
}

words! {
    /// The state of a message.
    MessageState {
        /// The job has not sent it yet.
        Waiting = "waiting",
        /// A server is sending it.
        Sending = "sending",
        /// The receiver took it.
        Sent = "sent",
        /// The receiver refused it for good.
        Refused = "refused",
        /// The shop did not send it. [`DropReason`] says why.
        Dropped = "dropped",
        /// The shop sent it and got no answer. It may have arrived, so the shop does not send it again.
        Unknown = "unknown",
    }
}

words! {
    /// Why the shop did not send a message.
    DropReason {
        /// The order is paid or closed, or the complaint has ended.
        OrderEnded = "order_ended",
        /// It waited longer than a day.
        TooLate = "too_late",
        /// The configuration no longer has a template or a receiver for it.
        NotConfigured = "not_configured",
        /// What it is about no longer exists.
        Gone = "gone",
    }
}

impl MessageChannel {
    /// The channels to shoppers.
    pub const TO_SHOPPERS: [Self; 2] = [Self::MiniProgram, Self::Official];
    /// The channels to staff.
    pub const TO_STAFF: [Self; 2] = [Self::Webhook, Self::Mail];

    /// Whether it is a channel to staff.
    #[must_use]
    pub fn is_to_staff(self) -> bool {
        Self::TO_STAFF.contains(&self)
    }
}

/// Which messages the shop is configured to send. The store writes a message only if a channel takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePlan {
    /// Each configured subject with its channel.
    pub takes: BTreeSet<(MessageSubject, MessageChannel)>,
    /// The official account's appid.
    pub official_appid: String,
    /// The mini program's appid; empty without one.
    pub miniprogram_appid: String,
    /// The shop reminds a shopper this long before the end of the time to pay, ms.
    pub remind_before_ms: i64,
}

impl MessagePlan {
    /// Whether a channel takes messages about this subject.
    #[must_use]
    pub fn takes(&self, subject: MessageSubject, channel: MessageChannel) -> bool {
        self.takes.contains(&(subject, channel))
    }

    /// Whether any channel takes messages about this subject.
    #[must_use]
    pub fn has(&self, subject: MessageSubject) -> bool {
        self.takes.iter().any(|(known, _)| *known == subject)
    }

    /// Whether shoppers get any messages.
    #[must_use]
    pub fn tells_shoppers(&self) -> bool {
        self.takes.iter().any(|(_, channel)| MessageChannel::TO_SHOPPERS.contains(channel))
    }

    /// The channel of the account with this appid; `None` if the account cannot send messages, such as a website
    /// application.
    #[must_use]
    pub fn channel_from(&self, appid: &str) -> Option<MessageChannel> {
        match appid {
            "" => None,
            appid if appid == self.miniprogram_appid => Some(MessageChannel::MiniProgram),
            appid if appid == self.official_appid => Some(MessageChannel::Official),
            _ => None,
        }
    }

    /// The channel of the account with which an attempt was made.
    #[must_use]
    pub fn channel_of(&self, appid: &str) -> MessageChannel {
        if !self.miniprogram_appid.is_empty() && appid == self.miniprogram_appid {
            MessageChannel::MiniProgram
        } else {
            MessageChannel::Official
        }
    }

    /// The channel of the account that knows a person by this openid: the account of the person's attempt. `None` if
    /// none of the attempts is by this person.
    #[must_use]
    pub fn channel_to<'a>(
        &self,
        openid: &OpenId,
        attempts: impl IntoIterator<Item = &'a AttemptRecord>,
    ) -> Option<MessageChannel> {
        let own = attempts.into_iter().find(|attempt| attempt.openid.as_ref() == Some(openid));
        own.map(|attempt| self.channel_of(&attempt.appid))
    }
}
