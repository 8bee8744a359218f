//! Books the state of a refund that WeChat reports: in an answer, a notification or a query, also after a bill.

use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo,
    discrepancy::DiscrepancyKind,
    event::{EventKind, EventSource},
    job::JobKind,
    message::MessageSubject,
    order::{OrderEvent, OrderKind},
    record::{AttemptRecord, AuditRecord, DiscrepancyRecord, RefundRecord, WalletMoveRecord, WalletReason},
    refund::{RefundRefusal, RefundState, transition},
};
use store::{Command, EventEntry, NewMessage, ReadSet, UnitOfWork};

use super::create_refund::refundable_parts;
use crate::{after_sales, gateway::RefundResult, shipping};

/// The `who` of a refund that a person made in the merchant platform.
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// Books a verified state of a refund. Imports a refund that the books do not have.
pub(crate) struct SettleRefund {
    pub(crate) order_id: OrderId,
    pub(crate) out_trade_no: OutTradeNo,
    pub(crate) out_refund_no: OutRefundNo,
    pub(crate) reported: RefundResult,
    pub(crate) source: EventSource,
    pub(crate) now_ms: i64,
}

/// The kinds of discrepancies of surplus payments. The success of their refund resolves them.
const SURPLUS: [DiscrepancyKind; 2] = [DiscrepancyKind::SecondPayment, DiscrepancyKind::PaidAfterClose];

/// The id of a discrepancy about a refund. A refund has at most one of each kind.
pub(super) fn discrepancy_id(
    kind: DiscrepancyKind,
    out_trade_no: &OutTradeNo,
    out_refund_no: &OutRefundNo,
) -> String {
    format!("{kind}:{out_trade_no}:{out_refund_no}")
}

/// The prefix of the id of a discrepancy about unknown refunds; the `out_trade_no` follows.
pub(super) const REFUNDS_UNKNOWN: &str = "refunds_unknown:";

/// The id of the discrepancy about a payment with unknown refunds.
pub(crate) fn refunds_unknown_id(out_trade_no: &OutTradeNo) -> String {
    format!("{REFUNDS_UNKNOWN}{out_trade_no}")
}

/// Ends `refunds_unknown` of a payment, and resolves its discrepancy: a bill or a list has its refunds, all of it was
/// refunded, or staff say so. Replies whether its refunds were unknown.
pub(crate) struct RefundsKnown {
    pub(crate) order_id: OrderId,
    pub(crate) out_trade_no: OutTradeNo,
    /// How the discrepancy is resolved.
    pub(crate) resolution: String,
    /// The audit row, if a staff member resolves it.
    pub(crate) audit: Option<AuditRecord>,
}

impl RefundsKnown {
    /// The books have all refunds of the payment.
    pub(crate) fn from_books(order_id: OrderId, out_trade_no: OutTradeNo) -> Self {
        let resolution = "its refunds are on the books now".to_owned();
        Self { order_id, out_trade_no, resolution, audit: None }
    }
}

impl Command for RefundsKnown {
    type Reply = bool;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> bool {
        if !unit.attempt(&self.out_trade_no).is_some_and(|attempt| attempt.refunds_unknown) {
            return false;
        }
        if let Some(attempt) = unit.update_attempt(&self.out_trade_no) {
            attempt.refunds_unknown = false;
        }
        unit.resolve_discrepancy(refunds_unknown_id(&self.out_trade_no), &self.resolution);
        if let Some(audit) = &self.audit {
            unit.record_audit(audit.clone());
        }
        true
    }
}

/// The result of booking a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundSettled {
    /// The state of the refund, which may be unchanged.
    Settled(RefundState),
    /// The report contradicts the books. The shop stored a discrepancy.
    Discrepancy(DiscrepancyKind),
}

impl Command for SettleRefund {
    type Reply = RefundSettled;

    fn reads(&self, reads: &mut ReadSet) {
        reads.refunds(&self.order_id);
        reads.order_with_after_sales(&self.order_id);
        reads.refund_number(&self.out_refund_no);
        reads.order_that_returns_stock(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> RefundSettled {
        let Some(attempt) = unit.attempt(&self.out_trade_no).cloned() else {
            return self.record_discrepancy(
                unit,
                DiscrepancyKind::RefundOfUnknownOrder,
                "no attempt has this out_trade_no".to_owned(),
            );
        };
        let refund = match unit.refund(&self.out_refund_no).cloned() {
            Some(refund) => refund,
            None => match self.import(unit, &attempt) {
                Ok(refund) => refund,
                Err(different) => return different,
            },
        };
        if refund.out_trade_no != self.out_trade_no {
            let detail = format!("it is a refund of {} on the books", refund.out_trade_no);
            return self.record_discrepancy(unit, DiscrepancyKind::RefundContradiction, detail);
        }
        if refund.wechat_fee().0 != self.reported.refund_fee {
            let detail = format!("expected {} fen, got {}", refund.wechat_fee().0, self.reported.refund_fee);
            return self.record_discrepancy(unit, DiscrepancyKind::OtherRefundAmount, detail);
        }
        self.record_numbers(unit);
        match transition(refund.state, self.reported.state) {
            Ok(RefundState::Success) if refund.state == RefundState::Closed => {
                self.reopen(unit, &attempt, &refund)
            }
            Ok(next) => {
                self.move_to(unit, &refund, next);
                RefundSettled::Settled(next)
            }
            Err(RefundRefusal::AlreadyInState) => RefundSettled::Settled(refund.state),
            Err(RefundRefusal::Contradiction) => {
                let detail =
                    format!("it is {} on the books, WeChat says {}", refund.state, self.reported.state);
                self.record_discrepancy(unit, DiscrepancyKind::RefundContradiction, detail)
            }
        }
    }
}

impl SettleRefund {
    /// Books the success of a refund that is closed in the books, unless its amount was refunded in another way
    /// meanwhile.
    fn reopen(&self, unit: &mut UnitOfWork, attempt: &AttemptRecord, refund: &RefundRecord) -> RefundSettled {
        let (wechat_left, balance_left) = refundable_parts(unit.refunds_of(&self.out_trade_no), attempt);
        if refund.wechat_fee() > wechat_left || refund.balance_fee > balance_left {
            let detail = format!(
                "it is closed on the books, WeChat says success; {} fen of {} are left",
                attempt.refundable().0,
                refund.refund_fee.0
            );
            return self.record_discrepancy(unit, DiscrepancyKind::RefundContradiction, detail);
        }
        if let Some(attempt) = unit.update_attempt(&self.out_trade_no) {
            attempt.refunding.0 += refund.refund_fee.0;
        }
        let debited = self.debit(unit, refund.refund_fee, format!("{}:again", self.out_refund_no));
        if let Some(row) = unit.update_refund(&self.out_refund_no) {
            row.debited = debited;
        }
        self.move_to(unit, refund, RefundState::Success);
        RefundSettled::Settled(RefundState::Success)
    }

    /// Imports a refund that a person made in the merchant platform.
    fn import(&self, unit: &mut UnitOfWork, attempt: &AttemptRecord) -> Result<RefundRecord, RefundSettled> {
        let fee = Fen(self.reported.refund_fee);
        let (wechat_left, _) = refundable_parts(unit.refunds_of(&self.out_trade_no), attempt);
        if fee <= Fen::ZERO || fee > wechat_left {
            let detail = format!("{} fen can be refunded, {} were", wechat_left.0, fee.0);
            return Err(self.record_discrepancy(unit, DiscrepancyKind::RefundExceedsPayment, detail));
        }
        let debited = self.debit(unit, fee, self.out_refund_no.to_string());
        let row = RefundRecord {
            out_refund_no: self.out_refund_no.clone(),
            order_id: self.order_id.clone(),
            out_trade_no: self.out_trade_no.clone(),
            state: RefundState::Requested,
            who: ELSEWHERE.to_owned(),
            reason: "商户平台退款".to_owned(),
            refund_fee: fee,
            balance_fee: Fen::ZERO,
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
        if let Some(attempt) = unit.update_attempt(&self.out_trade_no) {
            attempt.refunding.0 += fee.0;
        }
        unit.record_event(&self.order_id, self.entry(EventKind::RefundElsewhere, format!("{} fen", fee.0)));
        // a notification may never come, so the job queries until the refund has ended
        unit.enqueue(JobKind::Refund, &row.out_refund_no, self.now_ms);
        unit.add_refund(row.clone());
        Ok(row)
    }

    /// Takes a refunded top-up from the balance, as far as the balance has it: WeChat has refunded the money already.
    /// Returns the taken amount.
    fn debit(&self, unit: &mut UnitOfWork, fee: Fen, id: String) -> Fen {
        let Some(order) = unit.order(&self.order_id).cloned() else { return Fen::ZERO };
        if order.kind != OrderKind::TopUp || order.paid_out_trade_no.as_ref() != Some(&self.out_trade_no) {
            return Fen::ZERO;
        }
        let there = unit.balance(&order.shopper).min(fee);
        unit.move_balance(WalletMoveRecord {
            id,
            order_id: order.id,
            shopper: order.shopper,
            reason: WalletReason::TopUpRefund,
            amount: Fen(-there.0),
            at_ms: self.now_ms,
        });
        if there < fee {
            let detail = format!("{} fen were refunded, {} were left", fee.0, there.0);
            self.record_discrepancy(unit, DiscrepancyKind::RefundedTopUpWasSpent, detail);
        }
        there
    }

    fn record_numbers(&self, unit: &mut UnitOfWork) {
        let reported = &self.reported;
        let Some(row) = unit.refund(&self.out_refund_no) else { return };
        let refund_id =
            Some(reported.refund_id.clone()).filter(|id| !id.is_empty()).or_else(|| row.refund_id.clone());
        let payer_refund = reported.payer_refund.map(Fen).or(row.payer_refund);
        let settlement_refund = reported.settlement_refund.map(Fen).or(row.settlement_refund);
        let same = (&refund_id, payer_refund, settlement_refund)
            == (&row.refund_id, row.payer_refund, row.settlement_refund);
        if same {
            return;
        }
        if let Some(row) = unit.update_refund(&self.out_refund_no) {
            row.refund_id = refund_id;
            row.payer_refund = payer_refund;
            row.settlement_refund = settlement_refund;
        }
    }

    fn move_to(&self, unit: &mut UnitOfWork, refund: &RefundRecord, next: RefundState) {
        let fee = refund.refund_fee;
        if let Some(row) = unit.update_refund(&self.out_refund_no) {
            row.state = next;
            row.changed_ms = self.now_ms;
        }
        let what = match next {
            RefundState::Requested | RefundState::Processing => EventKind::RefundAccepted,
            RefundState::Success => EventKind::RefundSucceeded,
            RefundState::Closed => EventKind::RefundClosed,
            RefundState::Abnormal => EventKind::RefundAbnormal,
        };
        let note = self.entry(what, format!("{} fen, {}", fee.0, self.reported.refund_id));
        if next.is_final() {
            for kind in [DiscrepancyKind::RefundStuck, DiscrepancyKind::RefundAbnormal] {
                unit.resolve_discrepancy(self.discrepancy_id(kind), &format!("the refund has ended: {next}"));
            }
        }
        match next {
            RefundState::Success => {
                self.restock(unit, refund);
                after_sales::refund_succeeded(unit, &self.order_id, &self.out_refund_no);
                self.return_to_balance(unit, refund);
                return self.succeed(unit, fee, note);
            }
            RefundState::Closed => self.end_closed_refund(unit, refund),
            RefundState::Abnormal => {
                let detail =
                    "the shopper's account does not take it: decide in the merchant platform".to_owned();
                self.record_discrepancy(unit, DiscrepancyKind::RefundAbnormal, detail);
            }
            RefundState::Requested | RefundState::Processing => {}
        }
        unit.record_event(&self.order_id, note);
    }

    fn succeed(&self, unit: &mut UnitOfWork, fee: Fen, note: EventEntry<'_>) {
        let Some(attempt) = unit.update_attempt(&self.out_trade_no) else { return };
        attempt.refunding.0 -= fee.0;
        attempt.refunded.0 += fee.0;
        let whole = attempt.refunded == attempt.total_fee;
        let transaction_id = attempt.transaction_id.clone();
        let total = attempt.total_fee;
        self.resolve_closed(unit);
        unit.tell(&NewMessage {
            subject: MessageSubject::Refunded,
            order_id: &self.order_id,
            about: self.out_refund_no.as_str(),
            payment: Some(&self.out_trade_no),
            now_ms: self.now_ms,
            due_ms: self.now_ms,
        });
        if whole {
            let transaction_id = transaction_id.as_ref().map_or("", |number| number.as_str());
            for kind in SURPLUS {
                let id = format!("{kind}:{}:{transaction_id}:{}", self.out_trade_no, total.0);
                unit.resolve_discrepancy(id, &format!("refunded: {}", self.out_refund_no));
            }
            RefundsKnown::from_books(self.order_id.clone(), self.out_trade_no.clone()).apply(unit);
        }
        let paid_by = unit.order(&self.order_id).and_then(|order| order.paid_out_trade_no.clone());
        if paid_by.as_ref() != Some(&self.out_trade_no) {
            // a surplus payment: the state of the order does not change
            unit.record_event(&self.order_id, note);
            return;
        }
        let event = if whole { OrderEvent::Refunded } else { OrderEvent::PartlyRefunded };
        let again = EventEntry { detail: note.detail.clone(), ..note };
        if unit.apply_event(&self.order_id, event, note).is_err() {
            // the order is partly refunded already
            unit.record_event(&self.order_id, again);
        }
        if whole {
            after_sales::all_refunded(unit, &self.order_id);
            shipping::drop_report(unit, &self.order_id, self.now_ms);
        }
    }

    /// Returns the balance's part of a refund to the balance.
    fn return_to_balance(&self, unit: &mut UnitOfWork, refund: &RefundRecord) {
        if refund.balance_fee > Fen::ZERO
            && let Some(order) = unit.order(&self.order_id).cloned()
        {
            unit.move_balance(WalletMoveRecord {
                id: refund.out_refund_no.to_string(),
                order_id: order.id,
                shopper: order.shopper,
                reason: WalletReason::Refund,
                amount: refund.balance_fee,
                at_ms: self.now_ms,
            });
        }
    }

    /// Returns the pieces to the stock, if the refund says so and the shop has the pieces.
    fn restock(&self, unit: &mut UnitOfWork, refund: &RefundRecord) {
        if !refund.restock {
            return;
        }
        let came_back = unit
            .after_sales_of(&self.order_id)
            .any(|one| one.out_refund_no == refund.out_refund_no.as_str() && one.received_ms.is_some());
        if unit.shipment(&self.order_id).is_some() && !came_back {
            let detail =
                "the order was shipped meanwhile: its pieces were not returned to the stock".to_owned();
            self.record_discrepancy(unit, DiscrepancyKind::RestockAfterShipment, detail);
            return;
        }
        let pieces = pieces_of(unit, &self.order_id, refund);
        unit.return_pieces(&self.order_id, &pieces);
        unit.record_event(
            &self.order_id,
            self.entry(
                EventKind::Restocked,
                format!(
                    "{} pieces are back in the stock",
                    pieces.iter().map(|(_, pieces)| pieces).sum::<i64>()
                ),
            ),
        );
    }

    /// Resolves the discrepancies about closed refunds of this payment.
    fn resolve_closed(&self, unit: &mut UnitOfWork) {
        let closed = unit.refunds_of(&self.out_trade_no).filter(|row| row.state == RefundState::Closed);
        let ids: Vec<_> = closed
            .map(|row| discrepancy_id(DiscrepancyKind::RefundClosed, &self.out_trade_no, &row.out_refund_no))
            .collect();
        let made_good = std::iter::once(self.discrepancy_id(DiscrepancyKind::RefundClosed)).chain(ids);
        for id in made_good {
            unit.resolve_discrepancy(id, &format!("refunded: {}", self.out_refund_no));
        }
    }

    /// Ends a closed refund: releases its amount, returns a top-up to the balance, lets the after-sale wait for staff
    /// again, and records a discrepancy.
    fn end_closed_refund(&self, unit: &mut UnitOfWork, refund: &RefundRecord) {
        if let Some(attempt) = unit.update_attempt(&self.out_trade_no) {
            attempt.refunding.0 -= refund.refund_fee.0;
        }
        if refund.debited > Fen::ZERO
            && let Some(order) = unit.order(&self.order_id).cloned()
        {
            unit.move_balance(WalletMoveRecord {
                id: format!("{}:back", refund.out_refund_no),
                order_id: order.id,
                shopper: order.shopper,
                reason: WalletReason::TopUpRefundClosed,
                amount: refund.debited,
                at_ms: self.now_ms,
            });
        }
        if refund.who == ELSEWHERE {
            return;
        }
        // the payload of the discrepancy has WeChat's own text
        let why = if refund.last_error.is_empty() { "WeChat closed the refund" } else { &refund.last_error };
        self.record_discrepancy(
            unit,
            DiscrepancyKind::RefundClosed,
            format!("{} fen were not given back: {why}", refund.refund_fee.0),
        );
        after_sales::refund_closed(unit, &self.order_id, &refund.out_refund_no);
    }

    fn entry(&self, what: EventKind, detail: String) -> EventEntry<'_> {
        EventEntry {
            at_ms: self.now_ms,
            source: self.source,
            kind: what,
            out_trade_no: Some(&self.out_trade_no),
            detail: format!("{}, {detail}", self.out_refund_no),
        }
    }

    fn discrepancy_id(&self, kind: DiscrepancyKind) -> String {
        discrepancy_id(kind, &self.out_trade_no, &self.out_refund_no)
    }

    fn record_discrepancy(
        &self,
        unit: &mut UnitOfWork,
        kind: DiscrepancyKind,
        detail: String,
    ) -> RefundSettled {
        tracing::error!(alert = kind.as_str(), out_refund_no = %self.out_refund_no, detail, "a refund needs a person");
        unit.record_discrepancy(DiscrepancyRecord {
            id: self.discrepancy_id(kind),
            kind,
            out_trade_no: self.out_trade_no.to_string(),
            at_ms: self.now_ms,
            detail,
            payload: self.reported.payload.clone(),
            resolution: String::new(),
        });
        RefundSettled::Discrepancy(kind)
    }
}

/// The pieces that a refund returns to the stock: the position of each line, and the number of pieces. With an
/// after-sale: its pieces. Without: all pieces that no after-sale has cancelled.
fn pieces_of(unit: &UnitOfWork, order: &OrderId, refund: &RefundRecord) -> Vec<(i64, i64)> {
    let of_refund = unit.after_sales_of(order).find(|one| one.out_refund_no == refund.out_refund_no.as_str());
    if let Some(one) = of_refund.filter(|one| !one.lines.is_empty()) {
        return one.lines.iter().map(|line| (line.position, line.pieces)).collect();
    }
    let items = unit.items_of(order).iter();
    items.map(|item| (item.position, item.to_send(unit.after_sales_of(order)))).collect()
}
