use std::{collections::BTreeMap, time::Duration};

use model::{
    Language,
    message::{MessageChannel, MessagePlan, MessageSubject},
};

use super::{MessageTemplate, StaffMail, Webhook};
use crate::clock::ms;

/// The configuration of messages.
#[derive(Clone, Debug, Default)]
pub struct MessageSettings {
    /// `WECHAT_TEMPLATE_…`: the templates of the official account.
    pub official: BTreeMap<MessageSubject, MessageTemplate>,
    /// `WECHAT_TEMPLATE_KIND`: the kind of these templates.
    pub official_messages: OfficialMessages,
    /// `WECHAT_MINIPROGRAM_TEMPLATE_…`: the templates of the mini program.
    pub miniprogram: BTreeMap<MessageSubject, MessageTemplate>,
    /// `WECHAT_MINIPROGRAM_ORDER_PAGE`: the page that a tap on a message opens. The order's id replaces `{order}`.
    pub miniprogram_order_page: Option<String>,
    /// `SHOP_REMIND_BEFORE_S`: the shop reminds a shopper this long before the end of the time to pay.
    pub remind_before: Duration,
    /// The channels to staff.
    pub staff: StaffChannels,
}

/// The kind of the templates of an official account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OfficialMessages {
    /// Subscription notifications (订阅通知): the shopper must allow each message on a page.
    #[default]
    Subscription,
    /// Template messages (模板消息): the shopper must follow the account.
    Template,
}

/// The channels for messages to staff about new orders, after-sales, discrepancies and complaints.
#[derive(Clone, Debug, Default)]
pub struct StaffChannels {
    /// `SHOP_STAFF_WEBHOOK`.
    pub webhook: Option<Webhook>,
    /// `SHOP_STAFF_MAIL_…`.
    pub mail: Option<StaffMail>,
    /// `SHOP_STAFF_LANGUAGE`.
    pub language: Language,
}

/// The subjects of messages to staff.
const FOR_STAFF: [MessageSubject; 4] = [
    MessageSubject::Paid,
    MessageSubject::RefundWanted,
    MessageSubject::Discrepancy,
    MessageSubject::Complaint,
];

/// A moment at which pages ask the shopper to allow messages. Each consent is for one message of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentMoment {
    /// At the payment of an order.
    Payment,
    /// At the request for an after-sale.
    AfterSale,
}

impl ConsentMoment {
    /// The subjects of the messages to ask for, the most important first.
    const fn subjects(self) -> &'static [MessageSubject] {
        match self {
            Self::Payment => &[
                MessageSubject::Shipped,
                MessageSubject::Refunded,
                MessageSubject::Paid,
                MessageSubject::Expiring,
            ],
            Self::AfterSale => {
                &[MessageSubject::ReturnAgreed, MessageSubject::RefundDeclined, MessageSubject::Refunded]
            }
        }
    }
}

/// The maximum number of templates in one request: WeChat's limit.
const MAX_ASKED: usize = 3;

impl MessageSettings {
    /// The template for a subject and a channel; `None` if none is configured.
    pub(super) fn template(
        &self,
        subject: MessageSubject,
        channel: MessageChannel,
    ) -> Option<&MessageTemplate> {
        match channel {
            MessageChannel::Official => self.official.get(&subject),
            MessageChannel::MiniProgram => self.miniprogram.get(&subject),
            MessageChannel::Webhook | MessageChannel::Mail => None,
        }
    }

    /// The plan of the messages that commands write. `miniprogram_appid` is empty without a mini program.
    pub(crate) fn plan(&self, official_appid: &str, miniprogram_appid: &str) -> MessagePlan {
        let of_templates = |all: &BTreeMap<MessageSubject, MessageTemplate>, channel| {
            all.keys().map(|subject| (*subject, channel)).collect::<Vec<_>>()
        };
        let of_staff = |is_set: bool, channel| {
            let subjects = FOR_STAFF.into_iter().filter(move |_| is_set);
            subjects.map(|subject| (subject, channel)).collect::<Vec<_>>()
        };
        let takes = [
            of_templates(&self.official, MessageChannel::Official),
            of_templates(&self.miniprogram, MessageChannel::MiniProgram),
            of_staff(self.staff.webhook.is_some(), MessageChannel::Webhook),
            of_staff(self.staff.mail.is_some(), MessageChannel::Mail),
        ];
        MessagePlan {
            takes: takes.into_iter().flatten().collect(),
            official_appid: official_appid.to_owned(),
            miniprogram_appid: miniprogram_appid.to_owned(),
            remind_before_ms: ms(self.remind_before),
        }
    }

    /// See [`Messages::templates_to_ask_for`](super::Messages::templates_to_ask_for).
    pub(super) fn templates_to_ask_for(&self, moment: ConsentMoment, channel: MessageChannel) -> Vec<String> {
        if channel == MessageChannel::Official && self.official_messages == OfficialMessages::Template {
            return Vec::new();
        }
        let mut ids: Vec<String> = Vec::new();
        for template in moment.subjects().iter().filter_map(|subject| self.template(*subject, channel)) {
            if !ids.contains(&template.id) && ids.len() < MAX_ASKED {
                ids.push(template.id.clone());
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MessageSettings {
        let template = |id: &str| {
            MessageTemplate::parse(MessageSubject::Paid, &format!("{id:0>43}:thing1=goods")).unwrap()
        };
        let subjects = [
            MessageSubject::Paid,
            MessageSubject::Shipped,
            MessageSubject::Refunded,
            MessageSubject::Expiring,
            MessageSubject::RefundDeclined,
        ];
        let all = subjects.into_iter().map(|subject| (subject, template(subject.as_str())));
        MessageSettings { official: all.clone().collect(), miniprogram: all.collect(), ..Default::default() }
    }

    #[test]
    fn a_shopper_is_asked_for_three_subscriptions_at_most() {
        let mut settings = settings();
        for (moment, expected) in [
            (ConsentMoment::Payment, &["shipped", "refunded", "paid"][..]),
            (ConsentMoment::AfterSale, &["refund_declined", "refunded"]),
        ] {
            let ids = settings.templates_to_ask_for(moment, MessageChannel::MiniProgram);
            let words: Vec<&str> = ids.iter().map(|id| id.trim_start_matches('0')).collect();
            assert_eq!(words, expected);
        }
        settings.official_messages = OfficialMessages::Template;
        assert!(
            settings.templates_to_ask_for(ConsentMoment::Payment, MessageChannel::Official).is_empty(),
            "a follower is not asked"
        );
    }

    #[test]
    fn the_plan_has_what_is_configured() {
        let plan = settings().plan("wx0", "wx1");
        assert!(plan.takes(MessageSubject::Paid, MessageChannel::Official));
        assert!(!plan.takes(MessageSubject::ReturnAgreed, MessageChannel::Official));
        assert!(!plan.takes(MessageSubject::Paid, MessageChannel::Webhook));
        assert_eq!(plan.channel_of("wx1"), MessageChannel::MiniProgram);
        assert_eq!(plan.channel_of("wx2"), MessageChannel::Official);
    }
}
