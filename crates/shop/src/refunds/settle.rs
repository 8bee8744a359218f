//! Applying what WeChat says about a refund, whoever brought it: the answer, the notification, the query, the bill.

use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo,
    order::{OrderEvent, OrderKind},
    refund::{RefundRefusal, RefundState, transition},
};

use super::stuck;
use crate::{
    differences::REFUNDS_UNKNOWN,
    jobs,
    payments::RefundTold,
    store::{
        Books, Command, Needs, Note,
        rows::{AttemptRow, DifferenceRow, RefundRequestState, RefundRow, WalletMoveRow},
    },
};

/// Who asked for a refund that was made in the merchant platform.
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// A verified word of WeChat about a refund of a known payment.
pub(crate) struct SettleRefund {
    pub(crate) order_id: OrderId,
    pub(crate) out_trade_no: OutTradeNo,
    pub(crate) out_refund_no: OutRefundNo,
    pub(crate) told: RefundTold,
    pub(crate) source: &'static str,
    pub(crate) now_ms: i64,
}

/// Payments that an order did not need: each is a difference until it has been given back.
const SURPLUS: [&str; 2] = ["second_payment", "paid_after_close"];

/// A refund of the shop's own that WeChat closed.
const REFUND_CLOSED: &str = "refund_closed";

/// The id of a difference about a refund: one of each kind.
pub(super) fn difference_id(kind: &str, out_trade_no: &OutTradeNo, out_refund_no: &OutRefundNo) -> String {
    format!("{kind}:{out_trade_no}:{out_refund_no}")
}

/// The difference that shows a payment whose refunds the books do not know.
pub(crate) fn refunds_unknown_id(out_trade_no: &OutTradeNo) -> String {
    format!("{REFUNDS_UNKNOWN}{out_trade_no}")
}

/// The books know all refunds of a payment now: a bill or a list of WeChat's told, or all of it has been given back.
pub(crate) struct RefundsKnown {
    pub(crate) order_id: OrderId,
    pub(crate) out_trade_no: OutTradeNo,
}

impl Command for RefundsKnown {
    type Reply = ();

    fn needs(&self, needs: &mut Needs) {
        needs.order(&self.order_id);
    }

    fn apply(&self, books: &mut Books) {
        if !books.attempt(&self.out_trade_no).is_some_and(|attempt| attempt.refunds_unknown) {
            return;
        }
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunds_unknown = false;
        }
        books.resolve(refunds_unknown_id(&self.out_trade_no), "its refunds are on the books now");
    }
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
        needs.service(&self.order_id);
        needs.refund_number(&self.out_refund_no);
        needs.order_that_returns_stock(&self.order_id);
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
        if refund.out_trade_no != self.out_trade_no {
            let detail = format!("it is a refund of {} on the books", refund.out_trade_no);
            return self.differ(books, "refund_contradiction", detail);
        }
        if refund.refund_fee.0 != self.told.refund_fee {
            let detail = format!("expected {} fen, got {}", refund.refund_fee.0, self.told.refund_fee);
            return self.differ(books, "other_refund_amount", detail);
        }
        self.remember(books);
        match transition(refund.state, self.told.state) {
            Ok(RefundState::Success) if refund.state == RefundState::Closed => {
                self.reopen(books, &attempt, &refund)
            }
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
    /// A refund that is closed on the books, and of which WeChat says that the shopper has the money: it counts, as far as
    /// its amount has not been refunded otherwise meanwhile.
    fn reopen(&self, books: &mut Books, attempt: &AttemptRow, refund: &RefundRow) -> RefundSettled {
        if refund.refund_fee > attempt.refundable() {
            let detail = format!(
                "it is closed on the books, WeChat says success; {} fen of {} are left",
                attempt.refundable().0,
                refund.refund_fee.0
            );
            return self.differ(books, "refund_contradiction", detail);
        }
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunding.0 += refund.refund_fee.0;
        }
        let debited = self.debit(books, refund.refund_fee, format!("{}:again", self.out_refund_no));
        if let Some(row) = books.change_refund(&self.out_refund_no) {
            row.debited = debited;
        }
        self.happen(books, refund, RefundState::Success);
        RefundSettled::Settled(RefundState::Success)
    }

    /// A refund that was made in the merchant platform: it takes its place in the books.
    fn import(&self, books: &mut Books, attempt: &AttemptRow) -> Result<RefundRow, RefundSettled> {
        let fee = Fen(self.told.refund_fee);
        if fee <= Fen::ZERO || fee > attempt.refundable() {
            let detail = format!("{} fen can be refunded, {} were", attempt.refundable().0, fee.0);
            return Err(self.differ(books, "refund_exceeds_payment", detail));
        }
        let debited = self.debit(books, fee, self.out_refund_no.to_string());
        let row = RefundRow {
            out_refund_no: self.out_refund_no.clone(),
            order_id: self.order_id.clone(),
            out_trade_no: self.out_trade_no.clone(),
            state: RefundState::Requested,
            who: ELSEWHERE.to_owned(),
            reason: "商户平台退款".to_owned(),
            refund_fee: fee,
            request: String::new(),
            refund_id: None,
            payer_refund: None,
            settlement_refund: None,
            created_ms: self.now_ms,
            changed_ms: self.now_ms,
            last_error: String::new(),
            debited,
            restock: false,
        };
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunding.0 += fee.0;
        }
        books.note(&self.order_id, self.note("refund_elsewhere", format!("{} fen", fee.0)));
        // a notification may never come: the shop asks until it has ended
        books.plan(jobs::REFUND, &row.out_refund_no, self.now_ms);
        books.add_refund(row.clone());
        Ok(row)
    }

    /// The top-up leaves the balance, as far as it is still there: WeChat has decided already. Gives how much left.
    fn debit(&self, books: &mut Books, fee: Fen, id: String) -> Fen {
        let Some(order) = books.order(&self.order_id).cloned() else { return Fen::ZERO };
        if order.kind != OrderKind::TopUp || order.paid_out_trade_no.as_ref() != Some(&self.out_trade_no) {
            return Fen::ZERO;
        }
        let there = books.balance(&order.shopper).min(fee);
        books.move_balance(WalletMoveRow {
            id,
            order_id: order.id,
            shopper: order.shopper,
            amount: Fen(-there.0),
            at_ms: self.now_ms,
        });
        if there < fee {
            let detail = format!("{} fen were refunded, {} were left", fee.0, there.0);
            self.differ(books, "refunded_top_up_was_spent", detail);
        }
        there
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
        if next.is_final() {
            for kind in [stuck::REFUND_STUCK, "refund_abnormal"] {
                books.resolve(self.difference_id(kind), &format!("the refund has ended: {next}"));
            }
        }
        match next {
            RefundState::Success => {
                self.restock(books, refund);
                return self.succeed(books, fee, note);
            }
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
        let transaction_id = attempt.transaction_id.clone();
        let total = attempt.total_fee;
        self.resolve_closed(books);
        if whole {
            let transaction_id = transaction_id.as_ref().map_or("", |number| number.as_str());
            for kind in SURPLUS {
                let id = format!("{kind}:{}:{transaction_id}:{}", self.out_trade_no, total.0);
                books.resolve(id, &format!("refunded: {}", self.out_refund_no));
            }
            RefundsKnown { order_id: self.order_id.clone(), out_trade_no: self.out_trade_no.clone() }
                .apply(books);
        }
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

    /// The money is back before anything was sent: so are the pieces, if the shop said so when it asked.
    fn restock(&self, books: &mut Books, refund: &RefundRow) {
        if !refund.restock {
            return;
        }
        if books.shipment(&self.order_id).is_some() {
            let detail = "the order was sent meanwhile: its pieces were not put back on the shelf".to_owned();
            self.differ(books, "restock_after_shipment", detail);
            return;
        }
        books.return_stock(&self.order_id);
        books.note(
            &self.order_id,
            self.note("restocked", "the order's pieces are back on the shelf".to_owned()),
        );
    }

    /// Later refunds of the same payment have made good what an earlier one did not.
    fn resolve_closed(&self, books: &mut Books) {
        let closed = books.refunds_of(&self.out_trade_no).filter(|row| row.state == RefundState::Closed);
        let ids: Vec<_> =
            closed.map(|row| difference_id(REFUND_CLOSED, &self.out_trade_no, &row.out_refund_no)).collect();
        let made_good = std::iter::once(self.difference_id(REFUND_CLOSED)).chain(ids);
        for id in made_good {
            books.resolve(id, &format!("refunded: {}", self.out_refund_no));
        }
    }

    /// The amount is refundable again, and what left a balance is back in it. Whoever wanted the money waits again, and a
    /// person hears of it.
    fn give_up(&self, books: &mut Books, refund: &RefundRow) {
        if let Some(attempt) = books.change_attempt(&self.out_trade_no) {
            attempt.refunding.0 -= refund.refund_fee.0;
        }
        if refund.debited > Fen::ZERO
            && let Some(order) = books.order(&self.order_id).cloned()
        {
            books.move_balance(WalletMoveRow {
                id: format!("{}:back", refund.out_refund_no),
                order_id: order.id,
                shopper: order.shopper,
                amount: refund.debited,
                at_ms: self.now_ms,
            });
        }
        if refund.who == ELSEWHERE {
            return;
        }
        let reason = String::from_utf8_lossy(&self.told.payload).into_owned();
        let why = if refund.last_error.is_empty() { &reason } else { &refund.last_error };
        self.differ(books, REFUND_CLOSED, format!("{} fen were not given back: {why}", refund.refund_fee.0));
        if let Some(mut request) = books.refund_request(&self.order_id).cloned()
            && request.state == RefundRequestState::Granted
            && request.out_refund_no == refund.out_refund_no.as_str()
        {
            request.state = RefundRequestState::Failed;
            books.set_refund_request(request);
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

    fn difference_id(&self, kind: &str) -> String {
        difference_id(kind, &self.out_trade_no, &self.out_refund_no)
    }

    fn differ(&self, books: &mut Books, kind: &'static str, detail: String) -> RefundSettled {
        tracing::error!(alert = kind, out_refund_no = %self.out_refund_no, detail, "a refund needs a person");
        books.differ(DifferenceRow {
            id: self.difference_id(kind),
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
