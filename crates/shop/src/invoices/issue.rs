//! Staff mark an invoice as issued. They issue it in another system.

use model::{OrderId, audit::AuditAction};
use store::Update;

use super::Invoices;
use crate::{Right, ShopError, Staff};

impl Invoices {
    /// Marks the invoice of an order as issued. `asked_ms` is the version that staff saw: when the shopper last changed
    /// it. After that the shopper cannot change it.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::NotFound`]; [`ShopError::Changed`] if the shopper has changed it since,
    /// or it is issued already; or a failing database.
    pub async fn issue(&self, staff: &Staff, id: &OrderId, asked_ms: i64) -> Result<(), ShopError> {
        staff.check(Right::Invoice)?;
        let invoice = self.store.invoice(id).await?.ok_or(ShopError::NotFound)?;
        let who = staff.name.as_str();
        let detail = format!("{id}: {} {}", invoice.kind, invoice.tax_number);
        let audit = self.audit.record(who, AuditAction::IssueInvoice, detail.trim_end());
        let update = Update::issue_invoice(id, asked_ms, who, self.clock.now_ms());
        let is_done = self.store.apply_audited("issuing an invoice", vec![update], vec![audit]).await?;
        if is_done { Ok(()) } else { Err(ShopError::Changed) }
    }
}
