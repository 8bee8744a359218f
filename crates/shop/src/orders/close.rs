use model::{
    OrderId, OutTradeNo,
    order::{OrderEvent, OrderState, Refusal},
};

use crate::store::{Books, Command, Needs, Note, rows::AttemptState};

/// The time to pay is over, or the shopper gave up: from here on only WeChat's word counts.
pub(crate) struct RequestClose {
    pub(crate) id: OrderId,
    pub(crate) who: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) now_ms: i64,
}

impl Command for RequestClose {
    type Reply = Result<OrderState, Refusal>;

    fn needs(&self, needs: &mut Needs) {
        needs.order_that_returns_stock(&self.id);
    }

    fn apply(&self, books: &mut Books) -> Self::Reply {
        let note = Note {
            at_ms: self.now_ms,
            who: self.who,
            what: "close_requested",
            out_trade_no: None,
            detail: self.detail.to_owned(),
        };
        match books.happen(&self.id, OrderEvent::CloseRequested, note) {
            Ok(_) | Err(Refusal::AlreadySo) => {}
            Err(refusal) => return Err(refusal),
        }
        close_if_settled(books, &self.id, self.now_ms);
        Ok(books.order(&self.id).map_or(OrderState::Closed, |order| order.state))
    }
}

/// WeChat says that an attempt can no longer be paid.
pub(crate) struct CloseConfirmed {
    pub(crate) out_trade_no: OutTradeNo,
    pub(crate) order_id: OrderId,
    pub(crate) who: &'static str,
    pub(crate) detail: String,
    pub(crate) now_ms: i64,
}

impl Command for CloseConfirmed {
    type Reply = ();

    fn needs(&self, needs: &mut Needs) {
        needs.order_that_returns_stock(&self.order_id);
    }

    fn apply(&self, books: &mut Books) {
        if books.attempt(&self.out_trade_no).is_none_or(|attempt| attempt.state != AttemptState::Open) {
            return;
        }
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.state = AttemptState::Closed;
        }
        books.note(
            &self.order_id,
            Note {
                at_ms: self.now_ms,
                who: self.who,
                what: "attempt_closed",
                out_trade_no: Some(&self.out_trade_no),
                detail: self.detail.clone(),
            },
        );
        close_if_settled(books, &self.order_id, self.now_ms);
    }
}

/// Stock goes back only when no attempt of the order can be paid any more.
fn close_if_settled(books: &mut Books, id: &OrderId, now_ms: i64) {
    if books.attempts_of(id).iter().any(|attempt| attempt.state == AttemptState::Open) {
        return;
    }
    let note = Note {
        at_ms: now_ms,
        who: "shop",
        what: "closed",
        out_trade_no: None,
        detail: "no attempt can be paid any more: the stock is back".to_owned(),
    };
    if books.happen(id, OrderEvent::CloseConfirmed, note).is_ok() {
        books.release(id);
    }
}
