//! What staff read in the console: lists, one order with everything that belongs to it, sums, exports.

mod audit_log;
mod dashboard;
mod discrepancies;
mod export;
mod figures;
mod mask_secrets;
mod money;
mod order;
mod order_list;
pub mod order_words;
mod overdue;
mod period;

use std::sync::Arc;

use store::Store;

pub use store::SEARCHED_ORDERS;

use self::{dashboard::DashboardCache, period::ComparisonCache};
use crate::{Clock, audit::Audit, shop::Parts};

pub use self::{
    audit_log::AUDIT_PAGE, dashboard::BEST_DAYS, figures::figure_words, mask_secrets::masked,
    money::MoneyExport, order::AdminOrder, order_list::CONSOLE_PAGE, period::Days,
};

/// What staff read in the console: lists, one order with everything that belongs to it, sums, exports.
#[derive(Clone)]
pub struct Admin {
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
    /// The cached dashboard.
    dashboard: Arc<DashboardCache>,
    /// The cached comparisons.
    comparisons: Arc<ComparisonCache>,
}

impl Admin {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            audit: parts.audit.clone(),
            dashboard: Arc::default(),
            comparisons: Arc::default(),
        }
    }
}
