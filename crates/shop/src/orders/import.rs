//! Imports open orders: for a merchant who moves here while orders of the old system can still be paid.

use model::{
    event::{EventKind, EventSource},
    job::JobKind,
    order::OrderEvent,
    record::{AttemptRecord, ItemRecord, OrderRecord},
};
use store::{Command, EventEntry, ReadSet, Store, StoreError, UnitOfWork};

/// An order that waits for its payment, with the attempt under whose number WeChat knows it.
#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// The order, just created; its version counts from 0.
    pub order: OrderRecord,
    /// Its lines.
    pub items: Vec<ItemRecord>,
    /// The attempt, open.
    pub attempt: AttemptRecord,
    /// The request that was sent to WeChat, byte for byte.
    pub request: String,
}

impl OpenOrder {
    /// Writes open orders in one commit: each as if its shopper had placed it and begun its payment here, with both events,
    /// and with the jobs that ask WeChat and close it when its time is over. They hold no stock.
    ///
    /// # Errors
    /// [`StoreError`], also where one of the numbers is taken: then none of the orders is written.
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
            // a new order can always be paid
            let _ = unit.apply_event(&order.id, OrderEvent::AttemptStarted, entry(EventKind::AttemptStarted));
            unit.add_attempt(attempt.clone(), request.clone());
            unit.enqueue(JobKind::Expire, &order.id, order.expires_ms);
            unit.enqueue(JobKind::Query, &attempt.out_trade_no, attempt.expires_ms);
        }
    }
}
