//! Applying what WeChat says about a payment, whoever brought it: the notification or the query.

use super::{Api, Paid};
use crate::refunds::{self, NewRefund};
use crate::store::{
    Books, Command, Needs, Note,
    rows::{AttemptRow, AttemptState, DifferenceRow, WalletMoveRow},
};
use model::{
    Fen, OutTradeNo, TransactionId,
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
        let attempt = self.out_trade_no.as_ref().ok().and_then(|number| books.attempt(number)).cloned();
        let Some(attempt) = attempt else {
            return self.differ(books, "unknown_order", "no attempt has this out_trade_no".to_owned());
        };
        if let (Api::V2(sign_type), Some(signed)) = (attempt.api, self.sign_type)
            && signed != sign_type
        {
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
}

impl Settle {
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
        let detail = "the order does not need this payment".to_owned();
        let back = NewRefund {
            out_trade_no: number,
            out_refund_no: None,
            fee: None,
            reason: "订单不再需要这笔付款，自动退款",
            who: "shop",
            now_ms: self.now_ms,
        };
        match refunds::ask(books, &back) {
            Ok(refund) => {
                let resolution = format!("refunded by itself: {}", refund.out_refund_no);
                self.keep(books, surplus, detail, resolution);
            }
            Err(error) => {
                self.keep(books, surplus, format!("{detail}, and was not refunded: {error}"), String::new())
            }
        }
        Settled::Surplus(surplus)
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
        self.keep(books, kind, detail, String::new());
        Settled::Different(kind)
    }

    fn keep(&self, books: &mut Books, kind: &'static str, detail: String, resolution: String) {
        let out_trade_no = self.number();
        books.differ(DifferenceRow {
            id: format!("{kind}:{out_trade_no}:{}:{}", self.payment.transaction_id, self.payment.total),
            kind,
            out_trade_no: out_trade_no.to_owned(),
            at_ms: self.now_ms,
            detail,
            payload: self.payload.clone(),
            resolution,
        });
    }
}
