//! Moves an after-sale to its next state, and plans the step that the shop takes by itself.

use model::{
    AfterSaleId, OrderId,
    after_sale::{AfterSaleEvent, AfterSaleKind, AfterSaleState, transition},
    event::{EventKind, EventSource},
    job::JobKind,
    message::MessageSubject,
    record::AfterSaleRecord,
};
use store::{EventEntry, NewMessage, ReadSet, UnitOfWork};

use super::AfterSaleLimits;
use crate::{ShopError, clock::ms};

impl AfterSaleLimits {
    /// When the shop takes the next step of an after-sale by itself, ms; `None` if it waits for a person.
    pub(super) fn due_ms(&self, kind: AfterSaleKind, state: AfterSaleState, now_ms: i64) -> Option<i64> {
        let limit = match state {
            // without an address the shopper would not know where to send the goods
            AfterSaleState::Requested if kind == AfterSaleKind::Return && self.return_address.is_none() => {
                None
            }
            AfterSaleState::Requested | AfterSaleState::Received => self.answer,
            AfterSaleState::Returning => Some(self.send_back),
            AfterSaleState::Returned => self.receipt,
            AfterSaleState::Refunding
            | AfterSaleState::Refunded
            | AfterSaleState::Declined
            | AfterSaleState::Failed
            | AfterSaleState::Withdrawn
            | AfterSaleState::Expired => None,
        };
        limit.map(|limit| now_ms + ms(limit))
    }
}

/// One step of an after-sale: who acts, and when.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) id: AfterSaleId,
    pub(super) order_id: OrderId,
    pub(super) source: EventSource,
    /// The staff member; empty for others.
    pub(super) who: String,
    pub(super) limits: AfterSaleLimits,
    pub(super) now_ms: i64,
}

impl Step {
    /// Adds the rows that a command about the after-sale reads.
    pub(super) fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.order_id);
        reads.refunds(&self.order_id);
        reads.order_that_returns_stock(&self.order_id);
    }

    /// The after-sale, as the unit of work has it.
    pub(super) fn record<'a>(&self, unit: &'a UnitOfWork) -> Result<&'a AfterSaleRecord, ShopError> {
        unit.after_sale(&self.id).ok_or(ShopError::NotFound)
    }

    /// Moves the after-sale to its next state, applies `change`, and plans the next automatic step.
    pub(super) fn move_to(
        &self,
        unit: &mut UnitOfWork,
        event: AfterSaleEvent,
        change: impl FnOnce(&mut AfterSaleRecord),
    ) -> Result<AfterSaleRecord, ShopError> {
        let known = self.record(unit)?;
        let next = transition(known.state, event).map_err(|_| ShopError::Changed)?;
        let due_ms = self.limits.due_ms(known.kind, next, self.now_ms);
        if let Some(due_ms) = due_ms {
            plan(unit, &self.id, due_ms);
        }
        let row = unit.update_after_sale(&self.id).ok_or(ShopError::NotFound)?;
        row.state = next;
        row.due_ms = due_ms;
        if self.source == EventSource::Merchant {
            row.who.clone_from(&self.who);
        }
        change(row);
        Ok(row.clone())
    }

    /// Records an event in the history of the order.
    pub(super) fn record_event(&self, unit: &mut UnitOfWork, what: EventKind, detail: String) {
        let detail = if self.who.is_empty() { detail } else { format!("{detail}, by {}", self.who) };
        let entry =
            EventEntry { at_ms: self.now_ms, source: self.source, kind: what, out_trade_no: None, detail };
        unit.record_event(&self.order_id, entry);
    }
}

/// Plans an automatic step. The time is part of the job's subject: the job of an earlier step finds another time and
/// does nothing.
pub(super) fn plan(unit: &mut UnitOfWork, id: &AfterSaleId, due_ms: i64) {
    unit.enqueue(JobKind::AfterSale, format!("{id}.{due_ms}"), due_ms);
}

/// Writes messages to the shopper or to staff about an after-sale.
pub(super) fn write_message(
    unit: &mut UnitOfWork,
    subject: MessageSubject,
    row: &AfterSaleRecord,
    now_ms: i64,
) {
    // a message exists once for each `about`, and the returned parcel needs a second message after the one about the
    // request
    let step = if row.state == AfterSaleState::Returned { ".returned" } else { "" };
    let about = format!("{}{step}", row.id);
    unit.tell(&NewMessage {
        subject,
        order_id: &row.order_id,
        about: &about,
        payment: None,
        now_ms,
        due_ms: now_ms,
    });
}
