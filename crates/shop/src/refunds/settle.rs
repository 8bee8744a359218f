//! Applying what WeChat says about a refund, whoever brought it: the answer, the notification, the query, the bill.

use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo,
    order::{OrderEvent, OrderKind},
    refund::{RefundRefusal, RefundState, transition},
};

use crate::{
    payments::RefundTold,
    store::{
        Books, Command, Needs, Note,
        rows::{AttemptRow, DifferenceRow, RefundRow, WalletMoveRow},
    },
};

/// A verified word of WeChat about a refund of a known payment.
pub(crate) struct SettleRefund {
    pub(crate) order_id: OrderId,
    pub(crate) out_trade_no: OutTradeNo,
    pub(crate) out_refund_no: OutRefundNo,
    pub(crate) told: RefundTold,
    pub(crate) source: &'static str,
    pub(crate) now_ms: i64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundSettled {
    /// The refund stands here now, or stood here already.
    Settled(RefundState),
    /// It does not fit the books and is kept as a difference.
    Different(&'static str),
}

impl Command for SettleRefund {
    type Reply = RefundSettled;

    fn needs(&self, needs: &mut Needs) {
        needs.refunds(&self.order_id);
    }

    fn apply(&self, books: &mut Books) -> RefundSettled {
        let Some(attempt) = books.attempt(&self.out_trade_no).cloned() else {
            return self.differ(
                books,
                "refund_of_unknown_order",
                "no attempt has this out_trade_no".to_owned(),
            );
        };
        let refund = match books.refund(&self.out_refund_no).cloned() {
            Some(refund) => refund,
            None => match self.import(books, &attempt) {
                Ok(refund) => refund,
                Err(different) => return different,
            },
        };
        if refund.refund_fee.0 != self.told.refund_fee {
            let detail = format!("expected {} fen, got {}", refund.refund_fee.0, self.told.refund_fee);
            return self.differ(books, "other_refund_amount", detail);
        }
        self.remember(books);
        match transition(refund.state, self.told.state) {
            Ok(next) => {
                self.happen(books, &refund, next);
                RefundSettled::Settled(next)
            }
            Err(RefundRefusal::AlreadySo) => RefundSettled::Settled(refund.state),
            Err(RefundRefusal::Contradiction) => {
                let detail = format!("it is {} on the books, WeChat says {}", refund.state, self.told.state);
                self.differ(books, "refund_contradiction", detail)
            }
        }
    }
}

impl SettleRefund {
    /// A refund that was made in the merchant platform: it takes its place in the books.
    fn import(&self, books: &mut Books, attempt: &AttemptRow) -> Result<RefundRow, RefundSettled> {
        let fee = Fen(self.told.refund_fee);
        if fee <= Fen::ZERO || fee > attempt.refundable() {
            let detail = format!("{} fen can be refunded, {} were", attempt.refundable().0, fee.0);
            return Err(self.differ(books, "refund_exceeds_payment", detail));
        }
        let row = RefundRow {
            out_refund_no: self.out_refund_no.clone(),
            order_id: self.order_id.clone(),
            out_trade_no: self.out_trade_no.clone(),
            state: RefundState::Requested,
            who: "elsewhere".to_owned(),
            reason: "商户平台退款".to_owned(),
            refund_fee: fee,
            request: String::new(),
            refund_id: None,
            payer_refund: None,
            settlement_refund: None,
            created_ms: self.now_ms,
            changed_ms: self.now_ms,
            last_error: String::new(),
        };
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunding.0 += fee.0;
        }
        books.note(&self.order_id, self.note("refund_elsewhere", format!("{} fen", fee.0)));
        self.debit(books, &row);
        books.add_refund(row.clone());
        Ok(row)
    }

    /// The top-up leaves the balance, as far as it is still there: WeChat has decided already.
    fn debit(&self, books: &mut Books, refund: &RefundRow) {
        let Some(order) = books.order(&self.order_id).cloned() else { return };
        if order.kind != OrderKind::TopUp || order.paid_out_trade_no.as_ref() != Some(&self.out_trade_no) {
            return;
        }
        let there = books.balance(&order.shopper).min(refund.refund_fee);
        books.move_balance(WalletMoveRow {
            id: refund.out_refund_no.to_string(),
            order_id: order.id,
            shopper: order.shopper,
            amount: Fen(-there.0),
            at_ms: self.now_ms,
        });
        if there < refund.refund_fee {
            let detail = format!("{} fen were refunded, {} were left", refund.refund_fee.0, there.0);
            self.differ(books, "refunded_top_up_was_spent", detail);
        }
    }

    fn remember(&self, books: &mut Books) {
        let told = &self.told;
        let Some(row) = books.refund(&self.out_refund_no) else { return };
        let refund_id =
            Some(told.refund_id.clone()).filter(|id| !id.is_empty()).or_else(|| row.refund_id.clone());
        let payer_refund = told.payer_refund.map(Fen).or(row.payer_refund);
        let settlement_refund = told.settlement_refund.map(Fen).or(row.settlement_refund);
        let same = (&refund_id, payer_refund, settlement_refund)
            == (&row.refund_id, row.payer_refund, row.settlement_refund);
        if same {
            return;
        }
        if let Some(row) = books.change_refund(&self.out_refund_no) {
            row.refund_id = refund_id;
            row.payer_refund = payer_refund;
            row.settlement_refund = settlement_refund;
        }
    }

    fn happen(&self, books: &mut Books, refund: &RefundRow, next: RefundState) {
        let fee = refund.refund_fee;
        if let Some(row) = books.change_refund(&self.out_refund_no) {
            row.state = next;
            row.changed_ms = self.now_ms;
        }
        let what = match next {
            RefundState::Requested | RefundState::Processing => "refund_accepted",
            RefundState::Success => "refund_succeeded",
            RefundState::Closed => "refund_closed",
            RefundState::Abnormal => "refund_abnormal",
        };
        let note = self.note(what, format!("{} fen, {}", fee.0, self.told.refund_id));
        match next {
            RefundState::Success => return self.succeed(books, fee, note),
            RefundState::Closed => self.give_up(books, refund),
            RefundState::Abnormal => {
                let detail =
                    "the shopper's account does not take it: decide in the merchant platform".to_owned();
                self.differ(books, "refund_abnormal", detail);
            }
            RefundState::Requested | RefundState::Processing => {}
        }
        books.note(&self.order_id, note);
    }

    fn succeed(&self, books: &mut Books, fee: Fen, note: Note<'_>) {
        let Some(attempt) = books.change_attempt(&self.out_trade_no) else { return };
        attempt.refunding.0 -= fee.0;
        attempt.refunded.0 += fee.0;
        let whole = attempt.refunded == attempt.total_fee;
        let paid_by = books.order(&self.order_id).and_then(|order| order.paid_out_trade_no.clone());
        if paid_by.as_ref() != Some(&self.out_trade_no) {
            // a payment that the order did not need: the order stays as it is
            books.note(&self.order_id, note);
            return;
        }
        let event = if whole { OrderEvent::Refunded } else { OrderEvent::PartlyRefunded };
        let again = Note { detail: note.detail.clone(), ..note };
        if books.happen(&self.order_id, event, note).is_err() {
            // a further part: the order is partly refunded already
            books.note(&self.order_id, again);
        }
    }

    /// The amount is refundable again, and a top-up is back in the balance.
    fn give_up(&self, books: &mut Books, refund: &RefundRow) {
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunding.0 -= refund.refund_fee.0;
        }
        let Some(order) = books.order(&self.order_id).cloned() else { return };
        if order.kind == OrderKind::TopUp && order.paid_out_trade_no.as_ref() == Some(&self.out_trade_no) {
            books.move_balance(WalletMoveRow {
                id: format!("{}:back", refund.out_refund_no),
                order_id: order.id,
                shopper: order.shopper,
                amount: refund.refund_fee,
                at_ms: self.now_ms,
            });
        }
    }

    fn note(&self, what: &'static str, detail: String) -> Note<'_> {
        Note {
            at_ms: self.now_ms,
            who: self.source,
            what,
            out_trade_no: Some(&self.out_trade_no),
            detail: format!("{}, {detail}", self.out_refund_no),
        }
    }

    fn differ(&self, books: &mut Books, kind: &'static str, detail: String) -> RefundSettled {
        tracing::error!(alert = kind, out_refund_no = %self.out_refund_no, detail, "a refund needs a person");
        books.differ(DifferenceRow {
            id: format!("{kind}:{}:{}", self.out_trade_no, self.out_refund_no),
            kind,
            out_trade_no: self.out_trade_no.to_string(),
            at_ms: self.now_ms,
            detail,
            payload: self.told.payload.clone(),
            resolution: String::new(),
        });
        RefundSettled::Different(kind)
    }
}
