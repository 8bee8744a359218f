//! The discrepancies page of the console. `reconciliation/discrepancies.rs` resolves them.

use model::admin::DiscrepancyDetail;

use super::masked;
use crate::{Admin, ShopError};

/// The maximum number of resolved discrepancies on the page.
const RESOLVED: usize = 50;

/// The maximum number of open discrepancies on the page.
const OPEN: usize = 200;

impl Admin {
    /// The open discrepancies, oldest first, then the newest resolved ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn discrepancies(&self) -> Result<Vec<DiscrepancyDetail>, ShopError> {
        Ok(with_secrets_masked(self.store.discrepancy_details(OPEN, RESOLVED).await?))
    }
}

/// Masks signatures and secrets in the payloads.
pub(super) fn with_secrets_masked(mut details: Vec<DiscrepancyDetail>) -> Vec<DiscrepancyDetail> {
    for detail in &mut details {
        detail.payload = masked(&detail.payload);
    }
    details
}
