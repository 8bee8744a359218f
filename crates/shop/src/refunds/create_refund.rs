use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo,
    event::{EventKind, EventSource},
    job::JobKind,
    order::OrderKind,
    payment::AttemptState,
    price,
    record::{AttemptRecord, AuditRecord, OrderRecord, RefundRecord, WalletMoveRecord, WalletReason},
    refund::RefundState,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::{SettleRefund, reason};
use crate::{Refunds, ShopError, after_sales, gateway::RefundResult, ids};

/// The maximum number of refunds of one payment: WeChat's limit (申请退款).
const MAX_REFUNDS_PER_PAYMENT: usize = 50;

/// What a person or a program asks for when it creates a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The payment to refund. `None`: the shop chooses the payment (`refundable_payment`).
    pub out_trade_no: Option<OutTradeNo>,
    /// The amount, fen; `None` for everything that is left.
    pub fee: Option<Fen>,
    /// The reason that the shopper reads in WeChat: at most [`MAX_REASON_BYTES`](super::MAX_REASON_BYTES).
    pub reason: String,
    /// The name of the person or program that asks.
    pub who: String,
    /// The caller's own number, an idempotency key: two calls with the same number create one refund. `None`: the shop
    /// creates a number.
    pub out_refund_no: Option<OutRefundNo>,
    /// Whether the pieces return to the stock when the refund succeeds. Allowed only for a refund of everything that is
    /// left, before the order is shipped.
    pub restock: bool,
}

impl Refunds {
    /// Refunds a paid order completely or in part. The shop records the refund first, then sends it. If WeChat does not
    /// answer or cannot refund yet, a job sends the refund again with the same number.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::RefundTooMuch`], [`ShopError::TooManyRefunds`],
    /// [`ShopError::RefundNumberTaken`] if another refund has the number, [`ShopError::BalanceTooLow`] if a top-up has
    /// been spent, [`ShopError::NotRestockable`], [`ShopError::BadRequest`], or a failing database.
    pub async fn refund(&self, id: &OrderId, request: RefundRequest) -> Result<RefundRecord, ShopError> {
        self.refund_audited(id, request, None).await
    }

    /// As [`Refunds::refund`]. The commit of the refund also writes the audit row.
    pub(crate) async fn refund_audited(
        &self,
        id: &OrderId,
        request: RefundRequest,
        audit: Option<AuditRecord>,
    ) -> Result<RefundRecord, ShopError> {
        reason::checked(&request.reason)?;
        self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        // the number is created before the command, because the writer may apply the command twice
        let out_refund_no = match &request.out_refund_no {
            Some(number) => number.clone(),
            None => self.new_refund_number(id),
        };
        let now_ms = self.clock.now_ms();
        let command = CreateRefund {
            order_id: id.clone(),
            out_refund_no: out_refund_no.clone(),
            request,
            audit,
            now_ms,
        };
        let refund = match self.store.write(command).await {
            Ok(created) => created?,
            Err(error) => {
                // two servers may use the same number for two orders at the same time; the second commit fails and
                // finds the refund of the first
                let taken = self.store.refund(&out_refund_no).await?;
                let taken = taken.is_some_and(|refund| refund.order_id != *id);
                return Err(if taken { ShopError::RefundNumberTaken } else { error.into() });
            }
        };
        if let Err(error) = self.send_refund(&refund.out_refund_no).await {
            tracing::warn!(out_refund_no = %refund.out_refund_no, %error, "the refund was not sent: its job sends it again");
        }
        self.store.refund(&refund.out_refund_no).await?.ok_or(ShopError::NotFound)
    }

    /// A new `out_refund_no` for an order: the order's id, `C` and 12 random digits.
    #[must_use]
    pub fn new_refund_number(&self, id: &OrderId) -> OutRefundNo {
        let number = format!("{id}C{}", ids::digits(&*self.ids, 12));
        number.parse().expect("an order's id, a letter and twelve digits are an out_refund_no")
    }
}

struct CreateRefund {
    order_id: OrderId,
    out_refund_no: OutRefundNo,
    request: RefundRequest,
    audit: Option<AuditRecord>,
    now_ms: i64,
}

impl Command for CreateRefund {
    type Reply = Result<RefundRecord, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.refunds(&self.order_id);
        reads.order_with_after_sales(&self.order_id);
        reads.refund_number(&self.out_refund_no);
        reads.order_that_returns_stock(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let request = &self.request;
        if let Some(known) = unit.refund(&self.out_refund_no) {
            let same = known.order_id == self.order_id
                && request.out_trade_no.as_ref().is_none_or(|number| *number == known.out_trade_no)
                && request.fee.is_none_or(|fee| fee == known.refund_fee);
            return if same { Ok(known.clone()) } else { Err(ShopError::RefundNumberTaken) };
        }
        let out_trade_no = self.payment(unit)?;
        let refund = create_refund(
            unit,
            &NewRefund {
                out_trade_no: &out_trade_no,
                out_refund_no: self.out_refund_no.clone(),
                fee: request.fee,
                reason: &request.reason,
                who: &request.who,
                restock: if request.restock { Restock::Order } else { Restock::Nothing },
                now_ms: self.now_ms,
            },
        )?;
        after_sales::refund_created_instead(unit, &self.order_id, &refund.out_refund_no);
        if let Some(audit) = &self.audit {
            unit.record_audit(audit.clone());
        }
        Ok(refund)
    }
}

impl CreateRefund {
    /// The payment to refund. Checks that a named payment belongs to the order.
    fn payment(&self, unit: &UnitOfWork) -> Result<OutTradeNo, ShopError> {
        let order = unit.order(&self.order_id).ok_or(ShopError::NotFound)?;
        let attempts = unit.attempts_of(&self.order_id);
        if let Some(number) = &self.request.out_trade_no {
            let own = attempts.iter().any(|attempt| attempt.out_trade_no == *number);
            return if own { Ok(number.clone()) } else { Err(ShopError::NotFound) };
        }
        refundable_payment(order, attempts.into_iter()).ok_or(ShopError::RefundTooMuch(0))
    }
}

/// Chooses the payment to refund if the caller names none. For a paid order: the payment that paid it, even if nothing
/// of it is left. For an order that no payment paid, because it was closed before: its only payment with money left.
/// `None` if there is no such payment, or several: then the caller must name one.
pub(crate) fn refundable_payment<'a>(
    order: &OrderRecord,
    attempts: impl Iterator<Item = &'a AttemptRecord> + Clone,
) -> Option<OutTradeNo> {
    let has_money = |attempt: &&AttemptRecord| attempt.refundable() > Fen::ZERO;
    let paid_by = order.paid_out_trade_no.as_ref();
    let mut others = attempts.clone().filter(has_money);
    let own = attempts.clone().find(|attempt| Some(&attempt.out_trade_no) == paid_by);
    match (own.filter(has_money), others.next(), others.next()) {
        (Some(own), ..) => Some(own.out_trade_no.clone()),
        (None, Some(only), None) if paid_by.is_none() => Some(only.out_trade_no.clone()),
        // if nothing is left of the payment that paid the order, the caller gets that refusal
        _ => paid_by.cloned(),
    }
}

/// Which pieces return to the stock when a refund succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restock {
    /// No pieces.
    Nothing,
    /// All pieces of the order that no after-sale has cancelled.
    Order,
    /// The pieces of the after-sale. Its command has checked that the shop has these pieces.
    AfterSale,
}

/// The fields of a new refund.
pub(crate) struct NewRefund<'a> {
    pub(crate) out_trade_no: &'a OutTradeNo,
    pub(crate) out_refund_no: OutRefundNo,
    /// The amount, fen; `None` for everything that is left.
    pub(crate) fee: Option<Fen>,
    pub(crate) reason: &'a str,
    /// The name of the person or program that asks.
    pub(crate) who: &'a str,
    pub(crate) restock: Restock,
    pub(crate) now_ms: i64,
}

/// Records a new refund, reserves its amount and begins it.
pub(crate) fn create_refund(unit: &mut UnitOfWork, new: &NewRefund<'_>) -> Result<RefundRecord, ShopError> {
    let row = reserve_refund(unit, new)?;
    begin_refund(unit, row)
}

/// Records a new refund and reserves its amount. The transaction has locked the order, so the refunded and the reserved
/// amounts together never exceed the payment. If the payment paid a top-up, the amount is taken from the balance.
pub(crate) fn reserve_refund(unit: &mut UnitOfWork, new: &NewRefund<'_>) -> Result<RefundRecord, ShopError> {
    let attempt = unit.attempt(new.out_trade_no).cloned().ok_or(ShopError::NotFound)?;
    let order = unit.order(&attempt.order_id).cloned().ok_or(ShopError::NotFound)?;
    let refundable = attempt.refundable();
    let fee = new.fee.unwrap_or(refundable);
    if attempt.state != AttemptState::Paid || fee <= Fen::ZERO || fee > refundable {
        return Err(ShopError::RefundTooMuch(refundable.0));
    }
    if unit.refunds_of(new.out_trade_no).count() >= MAX_REFUNDS_PER_PAYMENT {
        return Err(ShopError::TooManyRefunds);
    }
    let paid_the_order = order.paid_out_trade_no.as_ref() == Some(new.out_trade_no);
    let is_not_shipped = order.kind == OrderKind::Goods && unit.shipment(&order.id).is_none();
    if new.restock == Restock::Order && !(paid_the_order && is_not_shipped && fee == refundable) {
        return Err(ShopError::NotRestockable);
    }
    // only the payment that paid the top-up was added to the balance
    let debited = if order.kind == OrderKind::TopUp && paid_the_order { fee } else { Fen::ZERO };
    if debited > Fen::ZERO {
        if unit.balance(&order.shopper) < fee {
            return Err(ShopError::BalanceTooLow);
        }
        unit.move_balance(WalletMoveRecord {
            id: new.out_refund_no.to_string(),
            order_id: order.id.clone(),
            shopper: order.shopper.clone(),
            reason: WalletReason::TopUpRefund,
            amount: Fen(-debited.0),
            at_ms: new.now_ms,
        });
    }
    let balance_fee = balance_part(unit.refunds_of(new.out_trade_no), &attempt, fee);
    let row = RefundRecord {
        out_refund_no: new.out_refund_no.clone(),
        order_id: order.id.clone(),
        out_trade_no: attempt.out_trade_no.clone(),
        state: RefundState::Requested,
        who: new.who.to_owned(),
        reason: new.reason.to_owned(),
        refund_fee: fee,
        balance_fee,
        request: String::new(),
        refund_id: None,
        payer_refund: None,
        settlement_refund: None,
        created_ms: new.now_ms,
        changed_ms: new.now_ms,
        last_error: String::new(),
        debited,
        restock: new.restock != Restock::Nothing,
    };
    if let Some(attempt) = unit.update_attempt(new.out_trade_no) {
        attempt.refunding.0 += fee.0;
    }
    let restock = if row.restock { ", the pieces return to the stock" } else { "" };
    let note = EventEntry {
        at_ms: new.now_ms,
        source: EventSource::Merchant,
        kind: EventKind::RefundRequested,
        out_trade_no: Some(new.out_trade_no),
        detail: format!("{}, {} fen, by {}: {}{restock}", row.out_refund_no, fee.0, new.who, new.reason),
    };
    unit.record_event(&order.id, note);
    unit.add_refund(row.clone());
    Ok(row)
}

/// Begins a refund that was recorded in this unit of work. It adds the job that sends the refund. Without a part for
/// WeChat the refund succeeds at once.
pub(crate) fn begin_refund(unit: &mut UnitOfWork, row: RefundRecord) -> Result<RefundRecord, ShopError> {
    if row.wechat_fee() > Fen::ZERO {
        unit.enqueue(JobKind::Refund, &row.out_refund_no, row.created_ms);
        return Ok(row);
    }
    refund_to_balance(unit, &row, row.created_ms);
    unit.refund(&row.out_refund_no).cloned().ok_or(ShopError::NotFound)
}

/// The part of a new refund that returns to the balance, in proportion to what is left of both parts of the payment.
pub(crate) fn balance_part<'a>(
    refunds: impl Iterator<Item = &'a RefundRecord>,
    payment: &AttemptRecord,
    fee: Fen,
) -> Fen {
    let (wechat, balance) = refundable_parts(refunds, payment);
    price::balance_part(fee, wechat, balance)
}

/// What can still be refunded of an attempt: by WeChat, and to the balance. 0 if it is not paid.
pub(super) fn refundable_parts<'a>(
    refunds: impl Iterator<Item = &'a RefundRecord>,
    payment: &AttemptRecord,
) -> (Fen, Fen) {
    if payment.state != AttemptState::Paid {
        return (Fen::ZERO, Fen::ZERO);
    }
    let takes =
        |row: &&RefundRecord| row.out_trade_no == payment.out_trade_no && row.state != RefundState::Closed;
    let (mut wechat, mut balance) = (payment.wechat_fee(), payment.balance_fee);
    for refund in refunds.filter(takes) {
        wechat.0 -= refund.wechat_fee().0;
        balance.0 -= refund.balance_fee.0;
    }
    (wechat, balance)
}

/// Books the success of a refund that goes to the balance only.
fn refund_to_balance(unit: &mut UnitOfWork, refund: &RefundRecord, now_ms: i64) {
    let settle = SettleRefund {
        order_id: refund.order_id.clone(),
        out_trade_no: refund.out_trade_no.clone(),
        out_refund_no: refund.out_refund_no.clone(),
        reported: RefundResult {
            state: RefundState::Success,
            out_trade_no: refund.out_trade_no.to_string(),
            out_refund_no: refund.out_refund_no.to_string(),
            refund_id: String::new(),
            refund_fee: 0,
            payer_refund: None,
            settlement_refund: None,
            payload: Vec::new(),
        },
        source: EventSource::Shop,
        now_ms,
    };
    settle.apply(unit);
}

#[cfg(test)]
mod tests {
    use model::Fen;

    use super::{super::tests::paid, *};

    #[test]
    fn a_command_that_is_applied_twice_is_one_refund() {
        let mut unit = paid(OrderKind::Goods, 0);
        let order_id: OrderId = "202611210000000000000001".parse().unwrap();
        let command = CreateRefund {
            order_id: order_id.clone(),
            out_refund_no: format!("{order_id}C1").parse().unwrap(),
            request: RefundRequest {
                out_trade_no: None,
                fee: Some(Fen(100)),
                reason: "x".to_owned(),
                who: "x".to_owned(),
                out_refund_no: None,
                restock: false,
            },
            audit: None,
            now_ms: 0,
        };
        // as after a commit with an unknown outcome
        let (first, second) = (command.apply(&mut unit).unwrap(), command.apply(&mut unit).unwrap());
        assert_eq!(first.out_refund_no, second.out_refund_no);
        assert_eq!(unit.refunds_of(&first.out_trade_no).count(), 1);
        assert_eq!(unit.attempt(&first.out_trade_no).unwrap().refunding, Fen(100));
    }
}
