//! The discrepancies in the console.

use model::{admin::DiscrepancyDetail, audit::AuditAction};
use store::Update;

use super::masked;
use crate::{Right, Shop, ShopError, Staff};

/// The number of resolved discrepancies that the page shows.
const RESOLVED: usize = 50;

/// The number of open discrepancies that the page shows.
const OPEN: usize = 200;

impl Shop {
    /// The open discrepancies, oldest first, and behind them the last resolved ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn console_discrepancies(&self) -> Result<Vec<DiscrepancyDetail>, ShopError> {
        Ok(with_secrets_masked(self.store().discrepancy_details(OPEN, RESOLVED).await?))
    }

    /// Records how a staff member resolved a discrepancy.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`] for an empty or long note, [`ShopError::Changed`] where it is not
    /// open, or a failing database.
    pub async fn resolve_discrepancy_by(&self, staff: &Staff, id: &str, note: &str) -> Result<(), ShopError> {
        staff.check(Right::Resolve)?;
        let note = note.trim();
        if note.is_empty() || note.chars().count() > 500 {
            return Err(ShopError::Invalid("请写明处理结果，不超过 500 个字"));
        }
        let update = Update::resolve_discrepancy(id, &format!("{note} ({})", staff.name));
        let audit =
            self.audit_record(staff.name.as_str(), AuditAction::ResolveDiscrepancy, format!("{id}: {note}"));
        if !self.store().apply_audited("resolving a discrepancy", vec![update], audit).await? {
            return Err(ShopError::Changed);
        }
        self.release_held_order(id).await
    }
}

/// The same with signatures and secrets masked in what the shop received.
pub(super) fn with_secrets_masked(mut details: Vec<DiscrepancyDetail>) -> Vec<DiscrepancyDetail> {
    for detail in &mut details {
        detail.payload = masked(&detail.payload);
    }
    details
}
