use model::{
    Fen, OrderId, OutTradeNo,
    event::{EventKind, EventSource},
    order::{OrderEvent, OrderState, Refusal},
    payment::AttemptState,
    record::{WalletMoveRecord, WalletReason},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

/// Requests the close of an order: the time to pay is over, or the shopper cancelled. The order is closed when WeChat
/// has confirmed that none of its attempts can be paid.
pub(crate) struct RequestClose {
    pub(crate) id: OrderId,
    pub(crate) who: EventSource,
    pub(crate) detail: &'static str,
    pub(crate) now_ms: i64,
}

impl Command for RequestClose {
    type Reply = Result<OrderState, Refusal>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_that_returns_stock(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let note = EventEntry {
            at_ms: self.now_ms,
            source: self.who,
            kind: EventKind::CloseRequested,
            out_trade_no: None,
            detail: self.detail.to_owned(),
        };
        match unit.apply_event(&self.id, OrderEvent::CloseRequested, note) {
            Ok(_) | Err(Refusal::AlreadyInState) => {}
            Err(refusal) => return Err(refusal),
        }
        close_if_settled(unit, &self.id, self.now_ms);
        Ok(unit.order(&self.id).map_or(OrderState::Closed, |order| order.state))
    }
}

/// Marks an attempt as closed: WeChat confirmed that it can no longer be paid.
pub(crate) struct CloseConfirmed {
    pub(crate) out_trade_no: OutTradeNo,
    pub(crate) order_id: OrderId,
    pub(crate) who: EventSource,
    pub(crate) detail: String,
    pub(crate) now_ms: i64,
}

impl Command for CloseConfirmed {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_that_returns_stock(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        if unit.attempt(&self.out_trade_no).is_none_or(|attempt| attempt.state != AttemptState::Open) {
            return;
        }
        if let Some(attempt) = unit.update_attempt(&self.out_trade_no) {
            attempt.state = AttemptState::Closed;
        }
        unit.record_event(
            &self.order_id,
            EventEntry {
                at_ms: self.now_ms,
                source: self.who,
                kind: EventKind::AttemptClosed,
                out_trade_no: Some(&self.out_trade_no),
                detail: self.detail.clone(),
            },
        );
        close_if_settled(unit, &self.order_id, self.now_ms);
    }
}

/// Closes an order whose close was requested, if it has no open attempt. Returns its stock and its part of the balance.
fn close_if_settled(unit: &mut UnitOfWork, id: &OrderId, now_ms: i64) {
    if unit.attempts_of(id).iter().any(|attempt| attempt.state == AttemptState::Open) {
        return;
    }
    let note = EventEntry {
        at_ms: now_ms,
        source: EventSource::Shop,
        kind: EventKind::Closed,
        out_trade_no: None,
        detail: "no attempt can be paid any more: the stock is back".to_owned(),
    };
    if unit.apply_event(id, OrderEvent::CloseConfirmed, note).is_ok() {
        unit.release(id);
        return_balance(unit, id, now_ms);
    }
}

/// Returns the part that a closed order took from the balance.
fn return_balance(unit: &mut UnitOfWork, id: &OrderId, now_ms: i64) {
    let Some(order) = unit.order(id).filter(|order| order.balance_fee > Fen::ZERO).cloned() else { return };
    unit.move_balance(WalletMoveRecord {
        id: format!("{id}:closed"),
        order_id: order.id,
        shopper: order.shopper,
        reason: WalletReason::OrderClosed,
        amount: order.balance_fee,
        at_ms: now_ms,
    });
}
