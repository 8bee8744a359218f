//! Messages that the shop sends to shoppers and to staff.

use std::collections::BTreeSet;

use crate::{OpenId, record::AttemptRecord, word::words};

words! {
    /// What a message tells.
    MessageSubject {
        /// An order is paid.
        Paid = "paid",
        /// An order was shipped.
        Shipped = "shipped",
        /// The payer has the money of a refund.
        Refunded = "refunded",
        /// The shop agreed that goods come back: the shopper sends them.
        ReturnAgreed = "return_agreed",
        /// Staff declined a refund application.
        RefundDeclined = "refund_declined",
        /// The time to pay is almost over.
        Expiring = "expiring",
        /// A shopper applied for a refund. Only staff are told.
        RefundWanted = "refund_wanted",
        /// A discrepancy was recorded. Only staff are told.
        Discrepancy = "discrepancy",
        /// A shopper complained at WeChat, wrote again, or waits too long for staff. Only staff are told.
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
        /// A group robot of the staff.
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
        /// The shop did not send it, because it came too late or has no template any more.
        Dropped = "dropped",
        /// It was sent, and no answer came: it may have arrived. It is not sent again.
        Unknown = "unknown",
    }
}

words! {
    /// Why the shop did not send a message.
    DropReason {
        /// The order is paid or closed: there is nothing to remind of.
        OrderEnded = "order_ended",
        /// It waited for more than a day.
        TooLate = "too_late",
        /// The configuration has no template or receiver for it any more.
        NotConfigured = "not_configured",
        /// What it is about does not exist any more.
        Gone = "gone",
    }
}

impl MessageChannel {
    /// The channels to shoppers.
    pub const TO_SHOPPERS: [Self; 2] = [Self::MiniProgram, Self::Official];
    /// The channels to staff.
    pub const TO_STAFF: [Self; 2] = [Self::Webhook, Self::Mail];

    /// Whether it leads to staff.
    #[must_use]
    pub fn is_to_staff(self) -> bool {
        Self::TO_STAFF.contains(&self)
    }
}

/// The messages that the shop sends. Nothing is written for a message that no channel takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePlan {
    /// The configured messages.
    pub takes: BTreeSet<(MessageSubject, MessageChannel)>,
    /// The official account's appid.
    pub official_appid: String,
    /// The mini program's appid; empty without one.
    pub miniprogram_appid: String,
    /// How long before the end of the time to pay a shopper is reminded, ms.
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

    /// The channel of an account; `None` for an account that cannot send messages, such as a website application.
    #[must_use]
    pub fn channel_from(&self, appid: &str) -> Option<MessageChannel> {
        match appid {
            "" => None,
            appid if appid == self.miniprogram_appid => Some(MessageChannel::MiniProgram),
            appid if appid == self.official_appid => Some(MessageChannel::Official),
            _ => None,
        }
    }

    /// The channel of the account of an attempt.
    #[must_use]
    pub fn channel_of(&self, appid: &str) -> MessageChannel {
        if !self.miniprogram_appid.is_empty() && appid == self.miniprogram_appid {
            MessageChannel::MiniProgram
        } else {
            MessageChannel::Official
        }
    }

    /// The channel of the account that knows a person by this openid, as the attempts of an order say. `None`: no attempt of
    /// the order is by this person.
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
