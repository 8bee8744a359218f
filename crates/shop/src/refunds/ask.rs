use model::{Fen, OrderId, OutRefundNo, OutTradeNo, order::OrderKind, refund::RefundState};

use crate::{
    Shop, ShopError, jobs,
    store::{
        Books, Command, Needs, Note,
        rows::{AttemptState, AuditRow, RefundRow, WalletMoveRow},
    },
};

/// WeChat takes a refund in so many parts at most.
const MOST_PARTS: usize = 50;

/// Characters of `refund_desc`, which WeChat counts to 80 bytes.
const LONGEST_REASON: usize = 26;

/// A refund that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskRefund {
    /// How much; all that is left, where nothing is said.
    pub fee: Option<Fen>,
    /// Why, as the shopper reads it in WeChat: 26 characters at most.
    pub reason: String,
    /// Who asks.
    pub who: String,
    /// A number of the asker's own: asked twice under it, it is one refund. The shop makes one otherwise.
    pub out_refund_no: Option<OutRefundNo>,
}

impl Shop {
    /// Gives money of a paid order back, in whole or in part. It is written down first, then WeChat is asked; where
    /// WeChat does not answer, or cannot do it yet, the shop goes on asking by itself under the same number.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::RefundTooMuch`], [`ShopError::RefundInTooManyParts`],
    /// [`ShopError::BalanceTooLow`] for a top-up that has been spent, [`ShopError::BadRequest`], or a failing database.
    pub async fn refund(&self, id: &OrderId, asked: AskRefund) -> Result<RefundRow, ShopError> {
        self.refund_audited(id, asked, None).await
    }

    /// The same, with a row of the audit in the same commit.
    pub(crate) async fn refund_audited(
        &self,
        id: &OrderId,
        asked: AskRefund,
        audit: Option<AuditRow>,
    ) -> Result<RefundRow, ShopError> {
        if asked.reason.trim().is_empty() || asked.reason.chars().count() > LONGEST_REASON {
            return Err(ShopError::BadRequest("a refund has a reason of at most 26 characters"));
        }
        if asked.reason.chars().any(char::is_control) {
            return Err(ShopError::BadRequest(
                "a reason has no control characters: XML has no place for them",
            ));
        }
        let order = self.store().order(id).await?.ok_or(ShopError::NotFound)?;
        let out_trade_no = order.paid_out_trade_no.ok_or(ShopError::RefundTooMuch(0))?;
        let command = Ask { order_id: id.clone(), out_trade_no, asked, audit, now_ms: self.clock().now_ms() };
        let refund = self.store().writer.write(command).await??;
        if let Err(error) = self.push_refund(&refund.out_refund_no).await {
            tracing::warn!(out_refund_no = %refund.out_refund_no, %error, "the refund is asked for again later");
        }
        self.store().refund(&refund.out_refund_no).await?.ok_or(ShopError::NotFound)
    }
}

struct Ask {
    order_id: OrderId,
    out_trade_no: OutTradeNo,
    asked: AskRefund,
    audit: Option<AuditRow>,
    now_ms: i64,
}

impl Command for Ask {
    type Reply = Result<RefundRow, ShopError>;

    fn needs(&self, needs: &mut Needs) {
        needs.refunds(&self.order_id);
    }

    fn apply(&self, books: &mut Books) -> Self::Reply {
        if let Some(known) = self.asked.out_refund_no.as_ref().and_then(|number| books.refund(number)) {
            let same = known.out_trade_no == self.out_trade_no
                && self.asked.fee.is_none_or(|fee| fee == known.refund_fee);
            let other = ShopError::BadRequest("this out_refund_no is another refund's");
            return if same { Ok(known.clone()) } else { Err(other) };
        }
        let refund = ask(
            books,
            &NewRefund {
                out_trade_no: &self.out_trade_no,
                out_refund_no: self.asked.out_refund_no.clone(),
                fee: self.asked.fee,
                reason: &self.asked.reason,
                who: &self.asked.who,
                now_ms: self.now_ms,
            },
        )?;
        if let Some(audit) = &self.audit {
            books.audit(audit.clone());
        }
        Ok(refund)
    }
}

/// The next number that no refund has: one that was imported may have come in between.
fn free_number(books: &Books, number: &OutTradeNo, parts: usize) -> Result<OutRefundNo, ShopError> {
    (parts + 1..=parts + 1 + MOST_PARTS)
        .filter_map(|part| format!("{number}R{part:02}").parse().ok())
        .find(|number| books.refund(number).is_none())
        .ok_or(ShopError::RefundInTooManyParts)
}

/// A refund that is to be written down.
pub(crate) struct NewRefund<'a> {
    pub(crate) out_trade_no: &'a OutTradeNo,
    pub(crate) out_refund_no: Option<OutRefundNo>,
    /// All that is left, where nothing is said.
    pub(crate) fee: Option<Fen>,
    pub(crate) reason: &'a str,
    pub(crate) who: &'a str,
    pub(crate) now_ms: i64,
}

/// Writes a refund down and reserves its amount: under the lock of the order, so that refunded and reserved are never
/// more than was paid. A top-up leaves the balance first.
pub(crate) fn ask(books: &mut Books, new: &NewRefund<'_>) -> Result<RefundRow, ShopError> {
    let attempt = books.attempt(new.out_trade_no).cloned().ok_or(ShopError::NotFound)?;
    let order = books.order(&attempt.order_id).cloned().ok_or(ShopError::NotFound)?;
    let refundable = attempt.refundable();
    let fee = new.fee.unwrap_or(refundable);
    if attempt.state != AttemptState::Paid || fee <= Fen::ZERO || fee > refundable {
        return Err(ShopError::RefundTooMuch(refundable.0));
    }
    let parts = books.refunds_of(new.out_trade_no).count();
    if parts >= MOST_PARTS {
        return Err(ShopError::RefundInTooManyParts);
    }
    let out_refund_no = match &new.out_refund_no {
        Some(number) => number.clone(),
        None => free_number(books, &attempt.out_trade_no, parts)?,
    };
    // only the payment that was credited is in the balance
    if order.kind == OrderKind::TopUp && order.paid_out_trade_no.as_ref() == Some(new.out_trade_no) {
        if books.balance(&order.shopper) < fee {
            return Err(ShopError::BalanceTooLow);
        }
        books.move_balance(WalletMoveRow {
            id: out_refund_no.to_string(),
            order_id: order.id.clone(),
            shopper: order.shopper.clone(),
            amount: Fen(-fee.0),
            at_ms: new.now_ms,
        });
    }
    let row = RefundRow {
        out_refund_no,
        order_id: order.id.clone(),
        out_trade_no: attempt.out_trade_no.clone(),
        state: RefundState::Requested,
        who: new.who.to_owned(),
        reason: new.reason.to_owned(),
        refund_fee: fee,
        request: String::new(),
        refund_id: None,
        payer_refund: None,
        settlement_refund: None,
        created_ms: new.now_ms,
        changed_ms: new.now_ms,
        last_error: String::new(),
    };
    if let Some(attempt) = books.change_attempt(new.out_trade_no) {
        attempt.refunding.0 += fee.0;
    }
    let note = Note {
        at_ms: new.now_ms,
        who: "merchant",
        what: "refund_requested",
        out_trade_no: Some(new.out_trade_no),
        detail: format!("{}, {} fen, by {}: {}", row.out_refund_no, fee.0, new.who, new.reason),
    };
    books.note(&order.id, note);
    books.plan(jobs::REFUND, &row.out_refund_no, new.now_ms);
    books.add_refund(row.clone());
    Ok(row)
}
