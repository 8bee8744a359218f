//! The outbox: a command writes messages to shoppers and staff in the commit of the change that they report. A job
//! sends them (`crates/shop/src/messages`).

use model::{
    OpenId, OrderId, OutTradeNo,
    job::JobKind,
    message::{MessageChannel, MessageState, MessageSubject},
    order::OrderKind,
    record::{DiscrepancyRecord, MessageRecord, OrderRecord},
};

use super::{UnitOfWork, unit::Entry};

/// The content of new messages about an order.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    /// What happened.
    pub subject: MessageSubject,
    /// The order. The command has read it with its attempts.
    pub order_id: &'a OrderId,
    /// What it is about. Each recipient gets one message for the same subject and the same text.
    pub about: &'a str,
    /// The payment that it is about. Its payer gets a message, too.
    pub payment: Option<&'a OutTradeNo>,
    /// Now, ms.
    pub now_ms: i64,
    /// The earliest time to send the messages, ms.
    pub due_ms: i64,
}

impl UnitOfWork {
    /// Writes a message with its job to the shopper, the payer and the staff, for each channel of the message plan.
    ///
    /// The message to the shopper goes through an account that knows the shopper: the account of the shopper's own
    /// attempt, otherwise an account with a known openid of the shopper, otherwise the official account. A guest gets
    /// no message. If another person paid, that person gets a message about the payment, too.
    pub fn tell(&mut self, message: &NewMessage<'_>) {
        // a fast path, because each payment calls this and most shops configure few messages
        if !self.plan.has(message.subject) {
            return;
        }
        let Some(order) = self.order(message.order_id).cloned() else { return };
        for (channel, openid) in self.readers(&order, message) {
            self.add_message(message, channel, openid.as_str());
        }
        if order.kind == OrderKind::Goods {
            self.tell_staff(message.subject, Some(message.order_id), message.about, message.now_ms);
        }
    }

    /// Writes the messages to staff about a new discrepancy. A resolved one needs none.
    pub(super) fn tell_of_discrepancy(&mut self, row: &DiscrepancyRecord) {
        if !row.resolution.is_empty() {
            return;
        }
        let number = row.out_trade_no.parse::<OutTradeNo>().ok();
        let order_id =
            number.and_then(|number| self.attempt(&number)).map(|attempt| attempt.order_id.clone());
        self.tell_staff(MessageSubject::Discrepancy, order_id.as_ref(), &row.id, row.at_ms);
    }

    pub(super) fn tell_staff(
        &mut self,
        subject: MessageSubject,
        order_id: Option<&OrderId>,
        about: &str,
        now_ms: i64,
    ) {
        for channel in MessageChannel::TO_STAFF {
            if self.plan.takes(subject, channel) {
                let id = format!("{subject}:{about}:{channel}");
                self.insert_message(new(id, subject, channel, "", order_id, about, now_ms), now_ms);
            }
        }
    }

    /// The shopper, and the payer if another person paid. Each with the channel and the openid to use.
    fn readers(&self, order: &OrderRecord, message: &NewMessage<'_>) -> Vec<(MessageChannel, OpenId)> {
        let payment = message.payment.and_then(|number| self.attempt(number));
        let shopper = order.shopper.openid();
        let is_shopper = |openid: &OpenId| shopper.is_some_and(|shopper| self.is_of(openid, shopper));
        let mut readers = Vec::new();
        if let Some(shopper) = shopper {
            let mut own: Vec<_> = self.attempts_of(&order.id);
            own.retain(|attempt| attempt.openid.as_ref().is_some_and(is_shopper));
            // the account that took the payment, otherwise the first attempt's: so a second attempt does not cause a
            // second reminder
            own.sort_by_key(|attempt| order.paid_out_trade_no.as_ref() != Some(&attempt.out_trade_no));
            let tried = own
                .into_iter()
                .find_map(|attempt| Some((self.plan.channel_of(&attempt.appid), attempt.openid.clone()?)));
            readers.extend(tried.or_else(|| self.reader(shopper, message)));
        }
        if let Some(attempt) = payment
            && let Some(payer) = attempt.openid.clone()
            && !is_shopper(&payer)
        {
            readers.push((self.plan.channel_of(&attempt.appid), payer));
        }
        readers.retain(|(channel, _)| self.plan.takes(message.subject, *channel));
        readers
    }

    /// The channel and the openid for a shopper who has no attempt in the unit of work.
    fn reader(&self, shopper: &OpenId, message: &NewMessage<'_>) -> Option<(MessageChannel, OpenId)> {
        let known = self.openids_of(shopper);
        if !known.is_empty() {
            let mut reached = known
                .into_iter()
                .filter_map(|known| Some((self.plan.channel_from(&known.appid)?, known.openid.clone())));
            return reached.find(|(channel, _)| self.plan.takes(message.subject, *channel));
        }
        // The account is not known here, because the command has read only the payer's attempt. The job reads all
        // attempts.
        let official = self.plan.takes(message.subject, MessageChannel::Official);
        let channel = if official { MessageChannel::Official } else { MessageChannel::MiniProgram };
        Some((channel, shopper.clone()))
    }

    fn add_message(&mut self, message: &NewMessage<'_>, channel: MessageChannel, recipient: &str) {
        let id = format!("{}:{}:{recipient}", message.subject, message.about);
        let row = new(
            id,
            message.subject,
            channel,
            recipient,
            Some(message.order_id),
            message.about,
            message.now_ms,
        );
        self.insert_message(row, message.due_ms);
    }

    fn insert_message(&mut self, row: MessageRecord, due_ms: i64) {
        self.enqueue(JobKind::Message, &row.id, due_ms);
        self.messages.entry(row.id.clone()).or_insert_with(|| Entry::insert(row));
    }

    /// A message that was read with [`ReadSet::message`](super::ReadSet::message).
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&MessageRecord> {
        self.messages.get(id).map(|entry| &entry.row)
    }

    /// A message that was read, to change it.
    pub fn update_message(&mut self, id: &str) -> Option<&mut MessageRecord> {
        self.messages.get_mut(id).map(Entry::update)
    }

    /// The shop reminds a shopper this long before the end of the time to pay, ms.
    #[must_use]
    pub fn remind_before_ms(&self) -> i64 {
        self.plan.remind_before_ms
    }
}

fn new(
    id: String,
    subject: MessageSubject,
    channel: MessageChannel,
    recipient: &str,
    order_id: Option<&OrderId>,
    about: &str,
    now_ms: i64,
) -> MessageRecord {
    MessageRecord {
        id,
        subject,
        channel,
        recipient: recipient.to_owned(),
        order_id: order_id.cloned(),
        about: about.to_owned(),
        state: MessageState::Waiting,
        sender: String::new(),
        code: String::new(),
        detail: String::new(),
        created_ms: now_ms,
        changed_ms: now_ms,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{
        Fen,
        discrepancy::DiscrepancyKind,
        message::MessagePlan,
        order::OrderState,
        payment::{AttemptState, PayApi, TradeType},
        record::AttemptRecord,
    };

    use super::*;
    use crate::KnownOpenId;

    const ORDER: &str = "202611210000000000000001";
    const NUMBER: &str = "20261121000000000000000101";
    const EVERYTHING: [MessageChannel; 4] = [
        MessageChannel::MiniProgram,
        MessageChannel::Official,
        MessageChannel::Webhook,
        MessageChannel::Mail,
    ];

    /// A unit of work with an order of this shopper that this person paid through this account.
    fn unit(
        kind: OrderKind,
        shopper: &str,
        payer: &str,
        appid: &str,
        takes: &[MessageChannel],
    ) -> UnitOfWork {
        let mut unit = UnitOfWork::default();
        let all = MessageSubject::ALL.iter().flat_map(|subject| takes.iter().map(|each| (*subject, *each)));
        let plan = MessagePlan {
            takes: all.collect(),
            official_appid: "wxService".to_owned(),
            miniprogram_appid: "wxProgram".to_owned(),
            remind_before_ms: 0,
        };
        unit.plan = Arc::new(plan);
        let order = OrderRecord {
            id: ORDER.parse().unwrap(),
            kind,
            shopper: shopper.parse().unwrap(),
            basket: String::new(),
            state: OrderState::Paid,
            total_fee: Fen(1),
            balance_fee: Fen::ZERO,
            freight_fee: Fen::ZERO,
            reduction_fee: Fen::ZERO,
            created_ms: 0,
            expires_ms: 0,
            paid_ms: Some(0),
            paid_out_trade_no: NUMBER.parse().ok(),
            version: 0,
            placed_from: String::new(),
            held: 0,
            link_key: String::new(),
        };
        unit.add_order(order, Vec::new());
        let attempt = AttemptRecord {
            out_trade_no: NUMBER.parse().unwrap(),
            order_id: ORDER.parse().unwrap(),
            seq: 1,
            state: AttemptState::Paid,
            api: PayApi::V3,
            trade_type: TradeType::Jsapi,
            appid: appid.to_owned(),
            mch_id: String::new(),
            openid: payer.parse().ok(),
            total_fee: Fen(1),
            balance_fee: Fen::ZERO,
            created_ms: 0,
            expires_ms: 0,
            pay_url: None,
            prepay_id: None,
            prepay_ms: None,
            transaction_id: None,
            paid_ms: Some(0),
            payer_total: None,
            settlement_total: None,
            refunded: Fen::ZERO,
            refunding: Fen::ZERO,
            refunds_unknown: false,
        };
        unit.add_attempt(attempt, String::new());
        unit
    }

    fn tell(
        unit: &mut UnitOfWork,
        subject: MessageSubject,
        with_payment: bool,
    ) -> Vec<(MessageChannel, String)> {
        let (order, number) = (ORDER.parse().unwrap(), NUMBER.parse().unwrap());
        let message = NewMessage {
            subject,
            order_id: &order,
            about: ORDER,
            payment: with_payment.then_some(&number),
            now_ms: 1,
            due_ms: 2,
        };
        unit.tell(&message);
        unit.tell(&message);
        let rows = unit.messages.values().map(|entry| &entry.row);
        rows.map(|row| (row.channel, row.recipient.clone())).collect()
    }

    #[test]
    fn the_account_that_knows_a_person_tells_this_person() {
        use MessageChannel::{Mail, MiniProgram, Official, Webhook};
        let both = [MiniProgram, Official];
        let told = |shopper: &str, payer: &str, appid: &str| {
            tell(&mut unit(OrderKind::Goods, shopper, payer, appid, &both), MessageSubject::Paid, true)
        };
        let one = |channel, openid: &str| (channel, openid.to_owned());
        assert_eq!(told("oA", "oA", "wxService"), [one(Official, "oA")]);
        assert_eq!(told("oA", "oA", "wxProgram"), [one(MiniProgram, "oA")]);
        let friend = told("oA", "oB", "wxProgram");
        assert_eq!(friend, [one(Official, "oA"), one(MiniProgram, "oB")], "the payer is told of the payment");
        let guest = format!("guest:{}", "a1".repeat(16));
        assert!(told(&guest, "", "wxService").is_empty());
        // the payer gets no message about the parcel, and staff get none about a top-up
        let mut other = unit(OrderKind::Goods, "oA", "oB", "wxProgram", &both);
        assert_eq!(tell(&mut other, MessageSubject::Shipped, false), [one(Official, "oA")]);
        let mut goods = unit(OrderKind::Goods, "oA", "oA", "wxService", &EVERYTHING);
        let staff = [one(Mail, ""), one(Webhook, "")];
        let all = tell(&mut goods, MessageSubject::Paid, true);
        assert!(all.len() == 3 && staff.iter().all(|each| all.contains(each)), "{all:?}");
        let mut top_up = unit(OrderKind::TopUp, "oA", "oA", "wxService", &EVERYTHING);
        assert_eq!(tell(&mut top_up, MessageSubject::Paid, true), [one(Official, "oA")]);
    }

    #[test]
    fn a_person_with_several_openids_is_told_once_by_an_account_that_knows_the_openid() {
        use MessageChannel::{MiniProgram, Official};
        let both = [MiniProgram, Official];
        let known = |unit: &mut UnitOfWork, openid: &str, appid: &str| {
            let known = KnownOpenId {
                openid: openid.parse().unwrap(),
                appid: appid.to_owned(),
                shopper: "oMini".parse().unwrap(),
                unionid: "oUnion".parse().unwrap(),
            };
            unit.openids.insert(openid.to_owned(), known);
        };
        let one = |channel, openid: &str| (channel, openid.to_owned());
        // the payer used the official account, and the order belongs to the same person's openid of the mini program
        let mut paid = unit(OrderKind::Goods, "oMini", "oService", "wxService", &both);
        known(&mut paid, "oMini", "wxProgram");
        known(&mut paid, "oService", "wxService");
        assert_eq!(tell(&mut paid, MessageSubject::Paid, true), [one(Official, "oService")]);
        // a friend paid
        let mut friend = unit(OrderKind::Goods, "oMini", "oFriend", "wxService", &both);
        known(&mut friend, "oMini", "wxProgram");
        let told = tell(&mut friend, MessageSubject::Paid, true);
        assert_eq!(told, [one(Official, "oFriend"), one(MiniProgram, "oMini")]);
        // a website application sends no messages
        let mut site = unit(OrderKind::Goods, "oMini", "", "wxService", &both);
        known(&mut site, "oMini", "wxWebsite");
        assert!(tell(&mut site, MessageSubject::Shipped, false).is_empty());
        known(&mut site, "oService", "wxService");
        assert_eq!(tell(&mut site, MessageSubject::Shipped, false), [one(Official, "oService")]);
    }

    #[test]
    fn what_no_channel_takes_is_not_written() {
        let mut none = unit(OrderKind::Goods, "oA", "oA", "wxService", &[]);
        assert!(tell(&mut none, MessageSubject::Paid, true).is_empty() && none.jobs.is_empty());
        let mut program = unit(OrderKind::Goods, "oA", "oA", "wxService", &[MessageChannel::MiniProgram]);
        assert!(tell(&mut program, MessageSubject::Paid, true).is_empty());
    }

    #[test]
    fn staff_hear_of_a_discrepancy_once_and_not_of_a_resolved_one() {
        let mut unit = unit(OrderKind::Goods, "oA", "oA", "wxService", &EVERYTHING);
        let row = |id: &str, resolution: &str| DiscrepancyRecord {
            id: id.to_owned(),
            kind: DiscrepancyKind::SecondPayment,
            out_trade_no: NUMBER.to_owned(),
            at_ms: 1,
            detail: String::new(),
            payload: Vec::new(),
            resolution: resolution.to_owned(),
        };
        unit.record_discrepancy(row("a", ""));
        unit.record_discrepancy(row("a", ""));
        unit.record_discrepancy(row("b", "explained"));
        let about: Vec<_> = unit.messages.values().map(|entry| entry.row.about.as_str()).collect();
        assert_eq!(about, ["a", "a"], "one for each channel");
        assert!(unit.messages.values().all(|entry| entry.row.order_id == ORDER.parse().ok()));
    }
}
