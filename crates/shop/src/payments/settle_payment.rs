//! Books a payment that WeChat reports in a notification or in the answer to a query.

use model::{
    Fen, OrderId, OutTradeNo, TransactionId,
    discrepancy::DiscrepancyKind,
    event::{EventKind, EventSource},
    message::MessageSubject,
    order::{OrderEvent, OrderKind, Refusal},
    payment::{AttemptState, PayApi, SignType},
    record::{AttemptRecord, DiscrepancyRecord, WalletMoveRecord, WalletReason},
};
use store::{Command, EventEntry, NewMessage, ReadSet, UnitOfWork};

use crate::gateway::{PaymentResult, RefundResult};
use crate::refunds::{NewRefund, RefundsKnown, Restock, SettleRefund, create_refund, refunds_unknown_id};
use crate::shipping::report_of_payment;

/// Books a payment whose signature is verified.
pub(super) struct SettlePayment {
    /// The number of the attempt; the error is a text that is not a valid number.
    pub(super) out_trade_no: Result<OutTradeNo, String>,
    /// The sign type of a V2 notification, which must be the sign type of the attempt; otherwise `None`.
    pub(super) sign_type: Option<SignType>,
    pub(super) appid: String,
    pub(super) mch_id: String,
    pub(super) payment: PaymentResult,
    /// Whether it was paid in the mini program. Then WeChat needs a delivery report.
    pub(super) is_miniprogram: bool,
    /// Whether a notification or a query reported it.
    pub(super) source: EventSource,
    /// What WeChat sent, for the records: V2's message, V3's decrypted message, or the answer to the query.
    pub(super) payload: Vec<u8>,
    pub(super) now_ms: i64,
}

/// The result of booking a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SettledPayment {
    /// The payment is booked, and the order is paid.
    Paid,
    /// The books had it already.
    AlreadyPaid,
    /// It is a surplus payment. The attempt is paid, and its refund is created.
    Surplus(DiscrepancyKind),
    /// Its sign type differs from the attempt, so WeChat did not send it. Nothing changed.
    Forged,
    /// It contradicts the books. The shop stored a discrepancy.
    Discrepancy(DiscrepancyKind),
}

impl Command for SettlePayment {
    type Reply = SettledPayment;

    fn reads(&self, reads: &mut ReadSet) {
        if let Ok(out_trade_no) = &self.out_trade_no {
            reads.attempt(out_trade_no);
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> SettledPayment {
        let settled = self.settle(unit);
        if let SettledPayment::Surplus(kind) = settled {
            self.refund_surplus(unit, kind);
        }
        settled
    }
}

/// Books a payment of which WeChat has refunded a part or all. The same commit books the refunds, so that the shop does
/// not send goods whose money was refunded.
pub(super) struct SettlePaymentWithRefunds {
    pub(super) settle: SettlePayment,
    pub(super) order_id: OrderId,
    /// All its refunds; `None` if the shop cannot list them.
    pub(super) refunds: Option<Vec<RefundResult>>,
}

impl Command for SettlePaymentWithRefunds {
    type Reply = SettledPayment;

    fn reads(&self, reads: &mut ReadSet) {
        self.settle.reads(reads);
        reads.refunds(&self.order_id);
        reads.order_with_after_sales(&self.order_id);
        for reported in self.refunds.iter().flatten() {
            if let Ok(number) = reported.out_refund_no.parse() {
                reads.refund_number(&number);
            }
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> SettledPayment {
        let settled = self.settle.settle(unit);
        let (
            SettledPayment::Paid | SettledPayment::AlreadyPaid | SettledPayment::Surplus(_),
            Ok(out_trade_no),
        ) = (&settled, &self.settle.out_trade_no)
        else {
            return settled;
        };
        match &self.refunds {
            Some(refunds) => {
                refunds.iter().for_each(|reported| self.import(unit, out_trade_no, reported.clone()));
                RefundsKnown::from_books(self.order_id.clone(), out_trade_no.clone()).apply(unit);
            }
            None if unit.refunds_of(out_trade_no).next().is_none() => self.hold_back(unit, out_trade_no),
            // the books have them already
            None => {}
        }
        if let SettledPayment::Surplus(kind) = settled {
            self.settle.refund_surplus(unit, kind);
        }
        settled
    }
}

impl SettlePaymentWithRefunds {
    fn import(&self, unit: &mut UnitOfWork, out_trade_no: &OutTradeNo, reported: RefundResult) {
        // the books cannot store an invalid number; the daily bill reports this refund
        let Ok(out_refund_no) = reported.out_refund_no.parse() else { return };
        let settle = SettleRefund {
            order_id: self.order_id.clone(),
            out_trade_no: out_trade_no.clone(),
            out_refund_no,
            reported,
            source: self.settle.source,
            now_ms: self.settle.now_ms,
        };
        settle.apply(unit);
    }

    /// Marks the refunds of the payment as unknown. The shop does not ship or refund the order until they are known.
    fn hold_back(&self, unit: &mut UnitOfWork, out_trade_no: &OutTradeNo) {
        if let Some(attempt) = unit.update_attempt(out_trade_no) {
            attempt.refunds_unknown = true;
        }
        tracing::error!(alert = "refunds_unknown", %out_trade_no, "an order was refunded elsewhere, and WeChat does not say how much");
        unit.record_discrepancy(DiscrepancyRecord {
            id: refunds_unknown_id(out_trade_no),
            kind: DiscrepancyKind::RefundsUnknown,
            out_trade_no: out_trade_no.to_string(),
            at_ms: self.settle.now_ms,
            detail: "WeChat says trade_state=REFUND, and the shop cannot list the refunds: Pay V3 has no list, Pay V2 needs the APIv2 key"
                .to_owned(),
            payload: self.settle.payload.clone(),
            resolution: String::new(),
        });
    }
}

/// Stores in the order which attempt paid it, and writes the messages to shoppers and staff.
pub(crate) fn record_paid(
    unit: &mut UnitOfWork,
    id: &OrderId,
    out_trade_no: &OutTradeNo,
    paid_ms: i64,
    now_ms: i64,
) {
    let Some(order) = unit.update_order(id) else { return };
    order.paid_ms = Some(paid_ms);
    order.paid_out_trade_no = Some(out_trade_no.clone());
    unit.tell(&NewMessage {
        subject: MessageSubject::Paid,
        order_id: id,
        about: id.as_str(),
        payment: Some(out_trade_no),
        now_ms,
        due_ms: now_ms,
    });
}

impl SettlePayment {
    fn settle(&self, unit: &mut UnitOfWork) -> SettledPayment {
        let attempt = self.out_trade_no.as_ref().ok().and_then(|number| unit.attempt(number)).cloned();
        let Some(attempt) = attempt else {
            return self.record_mismatch(
                unit,
                DiscrepancyKind::UnknownOrder,
                "no attempt has this out_trade_no".to_owned(),
            );
        };
        if let Some(signed) = self.sign_type
            && attempt.api != PayApi::V2(signed)
        {
            // WeChat signs a V2 notification with the sign type of the attempt, and never reports a V3 attempt in V2's
            // form
            return SettledPayment::Forged;
        }
        let transaction_id = match self.check(&attempt) {
            Ok(transaction_id) => transaction_id,
            Err((kind, detail)) => return self.record_mismatch(unit, kind, detail),
        };
        if attempt.state == AttemptState::Paid {
            return match &attempt.transaction_id {
                Some(known) if *known == transaction_id => SettledPayment::AlreadyPaid,
                known => {
                    let known = known.as_ref().map_or("none", TransactionId::as_str);
                    self.record_mismatch(
                        unit,
                        DiscrepancyKind::SecondTransactionId,
                        format!("{known} is on the books"),
                    )
                }
            };
        }
        self.record(unit, &attempt, transaction_id)
    }

    /// The `out_trade_no` as WeChat sent it.
    pub(super) fn number(&self) -> &str {
        match &self.out_trade_no {
            Ok(number) => number.as_str(),
            Err(text) => text,
        }
    }

    /// Compares the payment with the attempt: another amount or another account must not pay the order.
    fn check(&self, attempt: &AttemptRecord) -> Result<TransactionId, (DiscrepancyKind, String)> {
        let differs = |expected: &str, given: &str| format!("expected {expected}, got {given}");
        if self.appid != attempt.appid {
            return Err((DiscrepancyKind::OtherAppid, differs(&attempt.appid, &self.appid)));
        }
        if self.mch_id != attempt.mch_id {
            return Err((DiscrepancyKind::OtherMchId, differs(&attempt.mch_id, &self.mch_id)));
        }
        if self.payment.currency != "CNY" {
            return Err((DiscrepancyKind::OtherCurrency, differs("CNY", &self.payment.currency)));
        }
        if self.payment.total != attempt.wechat_fee().0 {
            let (expected, given) = (attempt.wechat_fee().0.to_string(), self.payment.total.to_string());
            return Err((DiscrepancyKind::OtherAmount, differs(&expected, &given)));
        }
        self.payment.transaction_id.parse().map_err(|_| {
            let detail = format!("{:?} is not a transaction_id", self.payment.transaction_id);
            (DiscrepancyKind::BadTransactionId, detail)
        })
    }

    fn record(
        &self,
        unit: &mut UnitOfWork,
        attempt: &AttemptRecord,
        transaction_id: TransactionId,
    ) -> SettledPayment {
        let paid_ms = self.payment.time_s.map_or(self.now_ms, |seconds| seconds * 1000);
        let number = &attempt.out_trade_no;
        let entry = |what| EventEntry {
            at_ms: self.now_ms,
            source: self.source,
            kind: what,
            out_trade_no: Some(number),
            detail: format!("{transaction_id}, {} fen, {}", self.payment.total, self.payment.time),
        };
        let outcome = unit.apply_event(&attempt.order_id, OrderEvent::Paid, entry(EventKind::Paid));
        if let Some(row) = unit.update_attempt(number) {
            row.state = AttemptState::Paid;
            row.transaction_id = Some(transaction_id.clone());
            row.paid_ms = Some(paid_ms);
            row.payer_total = self.payment.payer_total.map(Fen);
            row.settlement_total = self.payment.settlement_total.map(Fen);
        }
        let (event, surplus) = match outcome {
            Ok(_) => {
                self.complete(unit, attempt, paid_ms);
                return SettledPayment::Paid;
            }
            // another attempt has paid the order before
            Err(Refusal::AlreadyInState | Refusal::AlreadyPaid) => {
                (EventKind::SecondPayment, DiscrepancyKind::SecondPayment)
            }
            Err(_) => (EventKind::PaidAfterClose, DiscrepancyKind::PaidAfterClose),
        };
        unit.record_event(&attempt.order_id, entry(event));
        SettledPayment::Surplus(surplus)
    }

    /// Creates the refund of a surplus payment, and a discrepancy. The success of the refund resolves the discrepancy.
    fn refund_surplus(&self, unit: &mut UnitOfWork, surplus: DiscrepancyKind) {
        let Ok(number) = &self.out_trade_no else { return };
        // a fixed number as an idempotency key: a second run finds the same refund
        let asked = match format!("{number}R01").parse() {
            Ok(out_refund_no) => create_refund(
                unit,
                &NewRefund {
                    out_trade_no: number,
                    out_refund_no,
                    fee: None,
                    reason: "订单不再需要这笔付款，自动退款",
                    who: "shop",
                    restock: Restock::Nothing,
                    now_ms: self.now_ms,
                },
            )
            .map_err(|error| error.to_string()),
            Err(_) => Err("it has no number for a refund".to_owned()),
        };
        let detail = match asked {
            Ok(refund) => format!("the order does not need this payment: refund {}", refund.out_refund_no),
            Err(error) => format!("the order does not need this payment, and it was not refunded: {error}"),
        };
        self.record_discrepancy(unit, surplus, detail);
    }

    /// The other effects of a payment: the balance after a top-up, the balance's part of the attempt, the delivery
    /// report, the order's payment data and the messages.
    fn complete(&self, unit: &mut UnitOfWork, attempt: &AttemptRecord, paid_ms: i64) {
        let Some(order) = unit.order(&attempt.order_id) else { return };
        let (kind, balance_fee) = (order.kind, order.balance_fee);
        if kind == OrderKind::TopUp {
            let credit = WalletMoveRecord {
                id: order.id.to_string(),
                order_id: order.id.clone(),
                shopper: order.shopper.clone(),
                reason: WalletReason::TopUp,
                amount: Fen(self.payment.total),
                at_ms: self.now_ms,
            };
            unit.move_balance(credit);
        }
        // the balance's part was taken when the order was placed; the attempt now gets both parts, so that a refund can
        // be divided
        if let Some(row) = unit.update_attempt(&attempt.out_trade_no) {
            row.total_fee.0 += balance_fee.0;
            row.balance_fee = balance_fee;
        }
        if self.is_miniprogram {
            report_of_payment(unit, attempt, kind, paid_ms, self.now_ms);
        }
        record_paid(unit, &attempt.order_id, &attempt.out_trade_no, paid_ms, self.now_ms);
    }

    fn record_mismatch(
        &self,
        unit: &mut UnitOfWork,
        kind: DiscrepancyKind,
        detail: String,
    ) -> SettledPayment {
        self.record_discrepancy(unit, kind, detail);
        SettledPayment::Discrepancy(kind)
    }

    fn record_discrepancy(&self, unit: &mut UnitOfWork, kind: DiscrepancyKind, detail: String) {
        let out_trade_no = self.number();
        unit.record_discrepancy(DiscrepancyRecord {
            id: format!("{kind}:{out_trade_no}:{}:{}", self.payment.transaction_id, self.payment.total),
            kind,
            out_trade_no: out_trade_no.to_owned(),
            at_ms: self.now_ms,
            detail,
            payload: self.payload.clone(),
            resolution: String::new(),
        });
    }
}
