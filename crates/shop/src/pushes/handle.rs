use model::{
    OpenId, OrderId, OutTradeNo,
    event::{EventKind, EventSource},
    push::{PushAccount, PushOutcome},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};
use wechat::push::{PushEvent, PushMessage, TradeManagement};

use crate::{Pushes, ShopError, clock::DAY_MS, shipping};

/// How long a job waits for the order of an event, ms: an event can arrive before the payment is booked.
const ORDER_WITHIN_MS: i64 = 60 * 60 * 1000;

/// How long a handled message is kept, ms.
const KEPT_MS: i64 = 30 * DAY_MS;

impl Pushes {
    /// Handles a stored message, at most once. Returns `false` while the order of its event is missing.
    ///
    /// # Errors
    /// A failing database. The job runs again.
    pub(crate) async fn handle(&self, id: &str) -> Result<bool, ShopError> {
        let Some(push) = self.store.push(id).await?.filter(|push| push.handled_ms.is_none()) else {
            return Ok(true);
        };
        let now_ms = self.clock.now_ms();
        let mut handling = Handling { id: id.to_owned(), action: Action::Store, may_wait: false, now_ms };
        if let Some(message) = PushMessage::from_json(&push.content) {
            handling.action = action(push.account, &message);
            handling.may_wait = now_ms - push.received_ms < ORDER_WITHIN_MS;
            if let Action::OrderEvent { out_trade_no, order_id, .. } = &mut handling.action {
                *order_id = self.store.attempt(out_trade_no).await?.map(|attempt| attempt.order_id);
            }
        }
        let is_handled = self.store.write(handling).await?;
        self.store.delete_pushes_before(now_ms - KEPT_MS).await?;
        Ok(is_handled)
    }
}

/// Decides what to do about a message.
fn action(account: PushAccount, message: &PushMessage) -> Action {
    let about = |what, order: &TradeManagement| match order.merchant_trade_no.as_deref().map(str::parse) {
        Some(Ok(out_trade_no)) => Action::OrderEvent { out_trade_no, order_id: None, what },
        _ => Action::Store,
    };
    match &message.event {
        // WeChat requires the merchant to delete the data of a person who no longer follows the account
        Some(PushEvent::Unsubscribe) if account == PushAccount::Official => {
            message.from_user.parse().map_or(Action::Store, Action::DeleteProfile)
        }
        Some(PushEvent::ShippingOverdue(order)) => about(EventKind::ShippingOverdue, order),
        Some(PushEvent::Settlement { order, settlement_time: None }) => {
            about(EventKind::DeliveryReported, order)
        }
        Some(PushEvent::Settlement { order, settlement_time: Some(_) }) => about(EventKind::Settled, order),
        Some(PushEvent::DeliveriesNotReported) => {
            tracing::warn!(
                "WeChat reminds: the mini program sells goods and no delivery was reported; WeChat keeps the money until then"
            );
            Action::Store
        }
        _ => Action::Store,
    }
}

enum Action {
    /// Only keep the stored message.
    Store,
    DeleteProfile(OpenId),
    OrderEvent {
        out_trade_no: OutTradeNo,
        /// `None` if the shop has no attempt with this number.
        order_id: Option<OrderId>,
        what: EventKind,
    },
}

struct Handling {
    id: String,
    action: Action,
    may_wait: bool,
    now_ms: i64,
}

impl Command for Handling {
    type Reply = bool;

    fn reads(&self, reads: &mut ReadSet) {
        reads.push(&self.id);
        if let Action::OrderEvent { order_id: Some(order), .. } = &self.action {
            reads.order_with_after_sales(order);
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> bool {
        match &self.action {
            Action::Store => {
                unit.handle_push(&self.id, PushOutcome::Stored, self.now_ms);
            }
            Action::DeleteProfile(openid) => {
                if unit.handle_push(&self.id, PushOutcome::ProfileDeleted, self.now_ms) {
                    unit.delete_profile(openid);
                }
            }
            Action::OrderEvent { out_trade_no, order_id, what } => {
                let Some(order) = order_id else {
                    if !self.may_wait {
                        unit.handle_push(&self.id, PushOutcome::UnknownOrder, self.now_ms);
                    }
                    return !self.may_wait;
                };
                if unit.handle_push(&self.id, PushOutcome::OrderEvent, self.now_ms) {
                    let entry = EventEntry {
                        at_ms: self.now_ms,
                        source: EventSource::Push,
                        kind: *what,
                        out_trade_no: Some(out_trade_no),
                        detail: String::new(),
                    };
                    unit.record_event(order, entry);
                    // WeChat settles after the payer confirmed the receipt, or after WeChat's own time limit
                    if *what == EventKind::Settled {
                        shipping::receive(unit, order, EventSource::Push, self.now_ms);
                    }
                    shipping::enqueue_state_query(unit, order, self.now_ms);
                }
            }
        }
        true
    }
}
