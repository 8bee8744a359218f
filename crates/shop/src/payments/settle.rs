//! Applying what WeChat says about a payment, whoever brought it: the notification or the query.

use super::{Api, Paid, RefundTold};
use crate::{
    refunds::{self, NewRefund, RefundsKnown, SettleRefund, refunds_unknown_id},
    store::{
        Books, Command, Needs, Note,
        rows::{AttemptRow, AttemptState, DifferenceRow, WalletMoveRow},
    },
};
use model::{
    Fen, OrderId, OutTradeNo, TransactionId,
    order::{OrderEvent, OrderKind, Refusal},
};
use wechat::wire::sign::SignType;

/// A verified word of WeChat: this was paid.
pub(super) struct Settle {
    /// The number, as far as it is one.
    pub(super) out_trade_no: Result<OutTradeNo, String>,
    /// How it was signed, where that is a matter of the attempt: in V2's notifications.
    pub(super) sign_type: Option<SignType>,
    pub(super) appid: String,
    pub(super) mch_id: String,
    pub(super) payment: Paid,
    /// `notification` or `query`.
    pub(super) source: &'static str,
    /// What was received, byte for byte.
    pub(super) payload: Vec<u8>,
    pub(super) now_ms: i64,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// The order is paid by this.
    Paid,
    /// It was known.
    Known,
    /// Money that the order did not need: recorded as paid, to be given back.
    Surplus(&'static str),
    /// It is not signed as its attempt is, so it is not genuine: nothing was changed.
    Forged,
    /// It does not fit the books and is kept as a difference.
    Different(&'static str),
}

impl Command for Settle {
    type Reply = Settled;

    fn needs(&self, needs: &mut Needs) {
        if let Ok(out_trade_no) = &self.out_trade_no {
            needs.attempt(out_trade_no);
        }
    }

    fn apply(&self, books: &mut Books) -> Settled {
        let settled = self.settle(books);
        if let Settled::Surplus(kind) = settled {
            self.give_back(books, kind);
        }
        settled
    }
}

/// The same for a payment of which WeChat says that money was given back already: its refunds are written down in the same
/// commit, so that nothing is sent for money that the shop does not have.
pub(super) struct SettleRefunded {
    pub(super) settle: Settle,
    pub(super) order_id: OrderId,
    /// All its refunds; `None` where WeChat gives no list.
    pub(super) refunds: Option<Vec<RefundTold>>,
}

impl Command for SettleRefunded {
    type Reply = Settled;

    fn needs(&self, needs: &mut Needs) {
        self.settle.needs(needs);
        needs.refunds(&self.order_id);
        needs.service(&self.order_id);
        for told in self.refunds.iter().flatten() {
            if let Ok(number) = told.out_refund_no.parse() {
                needs.refund_number(&number);
            }
        }
    }

    fn apply(&self, books: &mut Books) -> Settled {
        let settled = self.settle.settle(books);
        let (Settled::Paid | Settled::Known | Settled::Surplus(_), Ok(out_trade_no)) =
            (&settled, &self.settle.out_trade_no)
        else {
            return settled;
        };
        match &self.refunds {
            Some(refunds) => {
                refunds.iter().for_each(|told| self.import(books, out_trade_no, told.clone()));
                let known =
                    RefundsKnown { order_id: self.order_id.clone(), out_trade_no: out_trade_no.clone() };
                known.apply(books);
            }
            None if books.refunds_of(out_trade_no).next().is_none() => self.hold_back(books, out_trade_no),
            // the books had them before
            None => {}
        }
        if let Settled::Surplus(kind) = settled {
            self.settle.give_back(books, kind);
        }
        settled
    }
}

impl SettleRefunded {
    fn import(&self, books: &mut Books, out_trade_no: &OutTradeNo, told: RefundTold) {
        let Ok(out_refund_no) = told.out_refund_no.parse() else { return };
        let settle = SettleRefund {
            order_id: self.order_id.clone(),
            out_trade_no: out_trade_no.clone(),
            out_refund_no,
            told,
            source: self.settle.source,
            now_ms: self.settle.now_ms,
        };
        settle.apply(books);
    }

    /// Nothing is sent until the books know how much was given back.
    fn hold_back(&self, books: &mut Books, out_trade_no: &OutTradeNo) {
        if let Some(attempt) = books.change_attempt(out_trade_no) {
            attempt.refunds_unknown = true;
        }
        tracing::error!(alert = "refunds_unknown", %out_trade_no, "an order was refunded elsewhere, and WeChat does not say how much");
        books.differ(DifferenceRow {
            id: refunds_unknown_id(out_trade_no),
            kind: "refunds_unknown",
            out_trade_no: out_trade_no.to_string(),
            at_ms: self.settle.now_ms,
            detail: "WeChat says trade_state=REFUND, and Pay V3 has no list of an order's refunds".to_owned(),
            payload: self.settle.payload.clone(),
            resolution: String::new(),
        });
    }
}

impl Settle {
    fn settle(&self, books: &mut Books) -> Settled {
        let attempt = self.out_trade_no.as_ref().ok().and_then(|number| books.attempt(number)).cloned();
        let Some(attempt) = attempt else {
            return self.differ(books, "unknown_order", "no attempt has this out_trade_no".to_owned());
        };
        if let Some(signed) = self.sign_type
            && attempt.api != Api::V2(signed)
        {
            // the APIv2 key signs no notification of an attempt of V3, nor one of another sign type
            return Settled::Forged;
        }
        let transaction_id = match self.check(&attempt) {
            Ok(transaction_id) => transaction_id,
            Err((kind, detail)) => return self.differ(books, kind, detail),
        };
        if attempt.state == AttemptState::Paid {
            return match &attempt.transaction_id {
                Some(known) if *known == transaction_id => Settled::Known,
                known => {
                    let known = known.as_ref().map_or("none", TransactionId::as_str);
                    self.differ(books, "second_transaction_id", format!("{known} is on the books"))
                }
            };
        }
        self.record(books, &attempt, transaction_id)
    }

    /// The number as it came.
    pub(super) fn number(&self) -> &str {
        match &self.out_trade_no {
            Ok(number) => number.as_str(),
            Err(text) => text,
        }
    }

    /// Compares what WeChat says with what was asked for.
    fn check(&self, attempt: &AttemptRow) -> Result<TransactionId, (&'static str, String)> {
        let differs = |expected: &str, given: &str| format!("expected {expected}, got {given}");
        if self.appid != attempt.appid {
            return Err(("other_appid", differs(&attempt.appid, &self.appid)));
        }
        if self.mch_id != attempt.mch_id {
            return Err(("other_mch_id", differs(&attempt.mch_id, &self.mch_id)));
        }
        if self.payment.currency != "CNY" {
            return Err(("other_currency", differs("CNY", &self.payment.currency)));
        }
        if self.payment.total != attempt.total_fee.0 {
            let (expected, given) = (attempt.total_fee.0.to_string(), self.payment.total.to_string());
            return Err(("other_amount", differs(&expected, &given)));
        }
        self.payment.transaction_id.parse().map_err(|_| {
            ("bad_transaction_id", format!("{:?} is no transaction_id", self.payment.transaction_id))
        })
    }

    fn record(&self, books: &mut Books, attempt: &AttemptRow, transaction_id: TransactionId) -> Settled {
        let paid_ms = self.payment.time_s.map_or(self.now_ms, |seconds| seconds * 1000);
        let number = &attempt.out_trade_no;
        let note = |what| Note {
            at_ms: self.now_ms,
            who: self.source,
            what,
            out_trade_no: Some(number),
            detail: format!("{transaction_id}, {} fen, {}", self.payment.total, self.payment.time),
        };
        let outcome = books.happen(&attempt.order_id, OrderEvent::Paid, note("paid"));
        if let Some(row) = books.change_attempt(number) {
            row.state = AttemptState::Paid;
            row.transaction_id = Some(transaction_id.clone());
            row.paid_ms = Some(paid_ms);
            row.payer_total = self.payment.payer_total.map(Fen);
            row.settlement_total = self.payment.settlement_total.map(Fen);
        }
        let surplus = match outcome {
            Ok(_) => {
                self.complete(books, attempt, paid_ms);
                return Settled::Paid;
            }
            Err(Refusal::AlreadySo | Refusal::AlreadyPaid) => "second_payment",
            Err(_) => "paid_after_close",
        };
        books.note(&attempt.order_id, note(surplus));
        Settled::Surplus(surplus)
    }

    /// Asks for a refund of what is left of a payment that the order does not need. The difference is settled once the
    /// refund has succeeded, not sooner.
    fn give_back(&self, books: &mut Books, surplus: &'static str) {
        let Ok(number) = &self.out_trade_no else { return };
        let asked = match format!("{number}R01").parse() {
            Ok(out_refund_no) => refunds::ask(
                books,
                &NewRefund {
                    out_trade_no: number,
                    out_refund_no,
                    fee: None,
                    reason: "订单不再需要这笔付款，自动退款",
                    who: "shop",
                    restock: false,
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
        self.keep(books, surplus, detail);
    }

    /// What a payment brings about beside the state, in the same commit.
    fn complete(&self, books: &mut Books, attempt: &AttemptRow, paid_ms: i64) {
        let Some(order) = books.change_order(&attempt.order_id) else { return };
        order.paid_ms = Some(paid_ms);
        order.paid_out_trade_no = Some(attempt.out_trade_no.clone());
        if order.kind == OrderKind::TopUp {
            let credit = WalletMoveRow {
                id: order.id.to_string(),
                order_id: order.id.clone(),
                shopper: order.shopper.clone(),
                amount: Fen(self.payment.total),
                at_ms: self.now_ms,
            };
            books.move_balance(credit);
        }
    }

    fn differ(&self, books: &mut Books, kind: &'static str, detail: String) -> Settled {
        self.keep(books, kind, detail);
        Settled::Different(kind)
    }

    fn keep(&self, books: &mut Books, kind: &'static str, detail: String) {
        let out_trade_no = self.number();
        books.differ(DifferenceRow {
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
