//! Imports open orders, for a merchant who moves to this shop while orders of the old system can still be paid.

use model::{
    event::{EventKind, EventSource},
    job::JobKind,
    order::OrderEvent,
    record::{AttemptRecord, ItemRecord, OrderRecord},
};
use store::{Command, EventEntry, ReadSet, Store, StoreError, UnitOfWork};

/// An unpaid order with its attempt at WeChat.
#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// The order in the state `created`, with version 0.
    pub order: OrderRecord,
    /// Its lines.
    pub items: Vec<ItemRecord>,
    /// The open attempt.
    pub attempt: AttemptRecord,
    /// The request that was sent to WeChat, byte for byte.
    pub request: String,
}

impl OpenOrder {
    /// Writes open orders in one commit. Each gets the events of a placed order and a begun payment, and the `query`
    /// and `expire` jobs. Imported orders hold no stock.
    ///
    /// # Errors
    /// [`StoreError`], also if the database has one of the ids: then no order is written.
    pub async fn import(store: &Store, orders: Vec<Self>) -> Result<(), StoreError> {
        store.write(Import(orders)).await
    }
}

struct Import(Vec<OpenOrder>);

impl Command for Import {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        for OpenOrder { order, items, attempt, request } in &self.0 {
            let entry = |what| EventEntry {
                at_ms: order.created_ms,
                source: EventSource::Import,
                kind: what,
                out_trade_no: Some(&attempt.out_trade_no),
                detail: format!("{} fen", order.total_fee.0),
            };
            unit.add_order(order.clone(), items.clone());
            unit.record_event(&order.id, entry(EventKind::Placed));
            // this cannot fail: the order is in the state `created`
            let _ = unit.apply_event(&order.id, OrderEvent::AttemptStarted, entry(EventKind::AttemptStarted));
            unit.add_attempt(attempt.clone(), request.clone());
            unit.enqueue(JobKind::Expire, &order.id, order.expires_ms);
            unit.enqueue(JobKind::Query, &attempt.out_trade_no, attempt.expires_ms);
        }
    }
}
