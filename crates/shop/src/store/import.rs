//! Orders from elsewhere, in bulk: for a shop that moves here while orders of its old system can still be paid.

use model::order::OrderEvent;

use super::{
    Books, Command, Needs, Note, Store, StoreError,
    rows::{AttemptRow, ItemRow, OrderRow},
};
use crate::jobs;

/// An order that waits for its payment, with the attempt under whose number WeChat knows it.
#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// The order, just created; its version counts from 0.
    pub order: OrderRow,
    /// Its lines.
    pub items: Vec<ItemRow>,
    /// The attempt, open.
    pub attempt: AttemptRow,
    /// What WeChat was asked, byte for byte.
    pub request: String,
}

impl Store {
    /// Writes open orders down in one commit: each as if it had been placed and its payment begun here, with both events,
    /// and the jobs that ask WeChat and close it when its time is over. No stock is taken for them.
    ///
    /// # Errors
    /// [`StoreError`], also where one of the numbers is taken: then none of them is written.
    pub async fn import(&self, orders: Vec<OpenOrder>) -> Result<(), StoreError> {
        self.writer.write(Import(orders)).await
    }
}

struct Import(Vec<OpenOrder>);

impl Command for Import {
    type Reply = ();

    fn needs(&self, _: &mut Needs) {}

    fn apply(&self, books: &mut Books) {
        for OpenOrder { order, items, attempt, request } in &self.0 {
            let note = |what| Note {
                at_ms: order.created_ms,
                who: "import",
                what,
                out_trade_no: Some(&attempt.out_trade_no),
                detail: format!("{} fen", order.total_fee.0),
            };
            books.add_order(order.clone(), items.clone());
            books.note(&order.id, note("placed"));
            // a new order may always be paid
            let _ = books.happen(&order.id, OrderEvent::AttemptStarted, note("attempt_started"));
            books.add_attempt(attempt.clone(), request.clone());
            books.plan(jobs::EXPIRE, &order.id, order.expires_ms);
            books.plan(jobs::QUERY, &attempt.out_trade_no, attempt.expires_ms);
        }
    }
}
