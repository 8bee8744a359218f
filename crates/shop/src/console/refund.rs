//! A refund that somebody of the shop asks for.

use model::{Fen, OrderId, OutRefundNo};

use crate::{AskRefund, Right, Shop, ShopError, Staff, store::rows::RefundRow};

impl Shop {
    /// Gives so much of an order's money back. `number` is the confirmation page's own: a second tap on it is the same
    /// refund.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], and as [`Shop::refund`].
    pub async fn refund_by(
        &self,
        staff: &Staff,
        id: &OrderId,
        fee: Fen,
        reason: &str,
        number: OutRefundNo,
    ) -> Result<RefundRow, ShopError> {
        staff.check(Right::Refund)?;
        let asked = AskRefund {
            fee: Some(fee),
            reason: reason.trim().to_owned(),
            who: staff.name.to_string(),
            out_refund_no: Some(number),
        };
        let detail = format!("{id}: {} fen, {}", fee.0, asked.reason);
        let audit = self.audit_row(staff.name.as_str(), "refund", detail);
        self.refund_audited(id, asked, Some(audit)).await
    }

    /// The number of a refund that a confirmation page is about to ask for.
    #[must_use]
    pub fn new_refund_number(&self, id: &OrderId) -> String {
        format!("{id}C{}", crate::ids::digits(self.ids(), 12))
    }
}
