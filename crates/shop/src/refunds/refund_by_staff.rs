//! Staff refund an order on its page.

use model::{OrderId, audit::AuditAction, record::RefundRecord};

use crate::{RefundRequest, Refunds, Right, ShopError, Staff};

impl Refunds {
    /// Refunds an order for a staff member. The confirmation page contains an `out_refund_no`, so a double tap creates
    /// one refund. The staff member's name replaces `who` of `request`.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], and as [`Refunds::refund`].
    pub async fn refund_by(
        &self,
        staff: &Staff,
        id: &OrderId,
        request: RefundRequest,
    ) -> Result<RefundRecord, ShopError> {
        staff.check(Right::Refund)?;
        let request = RefundRequest {
            reason: request.reason.trim().to_owned(),
            who: staff.name.to_string(),
            ..request
        };
        let fee = request.fee.map_or_else(|| "all that is left".to_owned(), |fee| format!("{} fen", fee.0));
        let payment = request.out_trade_no.as_ref().map(|number| format!(" of {number}")).unwrap_or_default();
        let restock = if request.restock { ", the pieces return to the stock" } else { "" };
        let detail = format!("{id}: {fee}{payment}, {}{restock}", request.reason);
        let audit = self.audit.record(staff.name.as_str(), AuditAction::Refund, detail);
        self.refund_audited(id, request, Some(audit)).await
    }
}
