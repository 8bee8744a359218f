//! The discrepancies in the console.

use model::admin::DiscrepancyDetail;

use super::masked;
use crate::{Admin, ShopError};

/// The number of resolved discrepancies that the page shows.
const RESOLVED: usize = 50;

/// The number of open discrepancies that the page shows.
const OPEN: usize = 200;

impl Admin {
    /// The open discrepancies, oldest first, and behind them the last resolved ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn discrepancies(&self) -> Result<Vec<DiscrepancyDetail>, ShopError> {
        Ok(with_secrets_masked(self.store.discrepancy_details(OPEN, RESOLVED).await?))
    }
}

/// Masks signatures and secrets in the received messages.
pub(super) fn with_secrets_masked(mut details: Vec<DiscrepancyDetail>) -> Vec<DiscrepancyDetail> {
    for detail in &mut details {
        detail.payload = masked(&detail.payload);
    }
    details
}
