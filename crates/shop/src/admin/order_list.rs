//! The list of orders in the console.

use model::admin::{ListedOrder, OrderFilter, ViewCounts};

use super::overdue::overdue;
use crate::{Admin, ShopError};

/// The number of orders on a page of the list.
pub const CONSOLE_PAGE: usize = 50;

impl Admin {
    /// The number of orders in the lists that staff work through.
    ///
    /// # Errors
    /// A failing database.
    pub async fn view_counts(&self) -> Result<ViewCounts, ShopError> {
        Ok(self.store.view_counts(overdue(self.clock.now_ms())).await?)
    }

    /// A page of the orders of a filter, newest first, and whether there are older ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn orders(&self, filter: &OrderFilter) -> Result<(Vec<ListedOrder>, bool), ShopError> {
        let overdue = overdue(self.clock.now_ms());
        let mut orders = self.store.listed_orders(filter, CONSOLE_PAGE + 1, overdue).await?;
        let more = orders.len() > CONSOLE_PAGE;
        orders.truncate(CONSOLE_PAGE);
        Ok((orders, more))
    }
}
