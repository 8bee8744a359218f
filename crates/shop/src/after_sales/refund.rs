//! Creates the refund of an after-sale. `refund_ended.rs` handles its end.

use model::{
    AfterSaleId, Fen, OutRefundNo,
    after_sale::{AfterSaleEvent, AfterSaleKind, transition},
    audit::AuditAction,
    event::EventSource,
    record::{AuditRecord, RefundRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::{AfterSales, step::Step};
use crate::{
    Right, ShopError, Staff,
    refunds::{NewRefund, Restock, begin_refund, cut_reason, refundable_payment, reserve_refund},
};

/// How staff refund an after-sale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AfterSaleRefund {
    /// The amount; `None` for what the shopper asks for, at most what is left.
    pub fee: Option<Fen>,
    /// The idempotency key from the confirmation page, so that a double tap creates one refund. `None`: the shop
    /// creates a number.
    pub out_refund_no: Option<OutRefundNo>,
    /// Whether the pieces return to the stock when the refund succeeds. This is refused for pieces that the shop does
    /// not have.
    pub restock: bool,
}

impl AfterSales {
    /// Creates the refund of an after-sale and sends it. If WeChat closes the refund, the after-sale waits for staff
    /// again.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], [`ShopError::Changed`] if the state of the after-sale does
    /// not allow it, [`ShopError::NotRestockable`], and as [`Refunds::refund`](crate::Refunds::refund).
    pub async fn refund(
        &self,
        staff: &Staff,
        id: &AfterSaleId,
        refund: AfterSaleRefund,
    ) -> Result<(), ShopError> {
        staff.check(Right::Refund)?;
        let fee = refund.fee.map_or_else(|| "what is asked for".to_owned(), |fee| format!("{} fen", fee.0));
        let restock = if refund.restock { ", the pieces return to the stock" } else { "" };
        let detail = format!("{id}: {fee}{restock}");
        let audit = self.audit.record(staff.name.as_str(), AuditAction::GrantRefund, detail);
        let step = self.step(id, EventSource::Merchant, staff.name.as_str())?;
        self.refund_in(step, refund, Some(audit)).await
    }

    pub(super) async fn refund_in(
        &self,
        step: Step,
        refund: AfterSaleRefund,
        audit: Option<AuditRecord>,
    ) -> Result<(), ShopError> {
        let number = refund.out_refund_no.clone();
        let out_refund_no = number.unwrap_or_else(|| self.refunds.new_refund_number(&step.order_id));
        let command = RefundAfterSale { step, out_refund_no, refund, audit };
        let made = self.store.write(command).await??;
        if let Err(error) = self.refunds.send_refund(&made.out_refund_no).await {
            tracing::warn!(out_refund_no = %made.out_refund_no, %error, "the refund was not sent: its job sends it again");
        }
        Ok(())
    }
}

struct RefundAfterSale {
    step: Step,
    out_refund_no: OutRefundNo,
    refund: AfterSaleRefund,
    audit: Option<AuditRecord>,
}

impl Command for RefundAfterSale {
    type Reply = Result<RefundRecord, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.step.reads(reads);
        reads.refund_number(&self.out_refund_no);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let step = &self.step;
        if let Some(known) = unit.refund(&self.out_refund_no) {
            // a second tap, or the writer applies the command again
            let same = known.order_id == step.order_id;
            return if same { Ok(known.clone()) } else { Err(ShopError::RefundNumberTaken) };
        }
        let asked = step.record(unit)?.clone();
        let order = unit.order(&step.order_id).ok_or(ShopError::NotFound)?;
        let attempts = unit.attempts_of(&step.order_id);
        let out_trade_no = refundable_payment(order, attempts.iter().copied()).ok_or(ShopError::NotPaid)?;
        let left = attempts
            .iter()
            .find(|attempt| attempt.out_trade_no == out_trade_no)
            .map_or(Fen::ZERO, |attempt| attempt.refundable());
        let is_here = match asked.kind {
            AfterSaleKind::RefundOnly => unit.shipment(&step.order_id).is_none(),
            AfterSaleKind::Return => asked.received_ms.is_some(),
        };
        if self.refund.restock && !is_here {
            return Err(ShopError::NotRestockable);
        }
        transition(asked.state, AfterSaleEvent::RefundCreated).map_err(|_| ShopError::Changed)?;
        let new = NewRefund {
            out_trade_no: &out_trade_no,
            out_refund_no: self.out_refund_no.clone(),
            fee: Some(self.refund.fee.unwrap_or_else(|| asked.fee.min(left))),
            reason: &cut_reason(&asked.reason),
            who: if step.who.is_empty() { "shop" } else { &step.who },
            restock: if self.refund.restock { Restock::AfterSale } else { Restock::Nothing },
            now_ms: step.now_ms,
        };
        let refund = reserve_refund(unit, &new)?;
        let cancels_pieces = self.refund.restock || asked.is_paid_back_by(refund.refund_fee, left);
        step.move_to(unit, AfterSaleEvent::RefundCreated, |row| {
            row.out_refund_no = self.out_refund_no.to_string();
            row.restock = self.refund.restock;
            row.cancels_pieces = cancels_pieces;
            row.answered_ms = Some(step.now_ms);
        })?;
        let refund = begin_refund(unit, refund)?;
        if let Some(audit) = &self.audit {
            unit.record_audit(audit.clone());
        }
        Ok(refund)
    }
}
