//! A refund that a staff member makes.

use model::{OrderId, audit::AuditAction, record::RefundRecord};

use crate::{RefundCommand, Refunds, Right, ShopError, Staff};

impl Refunds {
    /// Refunds an order. The confirmation page has its own `out_refund_no`, so a double tap makes one refund. `who` of `asked`
    /// is replaced by the staff member's name.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], and as [`Refunds::refund`].
    pub async fn refund_by(
        &self,
        staff: &Staff,
        id: &OrderId,
        asked: RefundCommand,
    ) -> Result<RefundRecord, ShopError> {
        staff.check(Right::Refund)?;
        let asked =
            RefundCommand { reason: asked.reason.trim().to_owned(), who: staff.name.to_string(), ..asked };
        let fee = asked.fee.map_or_else(|| "all that is left".to_owned(), |fee| format!("{} fen", fee.0));
        let payment = asked.out_trade_no.as_ref().map(|number| format!(" of {number}")).unwrap_or_default();
        let restock = if asked.restock { ", back on the shelf" } else { "" };
        let detail = format!("{id}: {fee}{payment}, {}{restock}", asked.reason);
        let audit = self.audit.record(staff.name.as_str(), AuditAction::Refund, detail);
        self.refund_audited(id, asked, Some(audit)).await
    }
}
