//! The list of orders in the console.

use model::admin::{ListedOrder, OrderFilter, OrderView, ViewCounts};

use super::overdue::overdue;
use crate::{Admin, Right, ShopError, Staff};

/// The number of orders on a page of the list.
pub const CONSOLE_PAGE: usize = 50;

/// The lists of a staff member without the right [`Right::Read`].
const TO_SHIP: [OrderView; 3] = [OrderView::ToShip, OrderView::ToCollect, OrderView::Shipped];

impl Staff {
    /// The lists of orders that this staff member may see.
    #[must_use]
    pub const fn order_views(&self) -> &'static [OrderView] {
        if self.role.may(Right::Read) { OrderView::ALL } else { &TO_SHIP }
    }

    /// Restricts a filter to what this staff member may see. Without the right [`Right::Read`], it is always one of the
    /// lists [`Staff::order_views`].
    #[must_use]
    pub fn order_filter(&self, wanted: OrderFilter) -> OrderFilter {
        if self.role.may(Right::Read) {
            return wanted;
        }
        let view = wanted.view.filter(|view| TO_SHIP.contains(view)).unwrap_or(OrderView::ToShip);
        OrderFilter { view: Some(view), attention: false, ..wanted }
    }
}

impl Admin {
    /// The number of orders in each list.
    ///
    /// # Errors
    /// A failing database.
    pub async fn view_counts(&self) -> Result<ViewCounts, ShopError> {
        Ok(self.store.view_counts(overdue(self.clock.now_ms())).await?)
    }

    /// A page of the list of orders, newest first, and whether older orders follow. [`Staff::order_filter`] restricts
    /// the filter.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn orders(
        &self,
        staff: &Staff,
        wanted: &OrderFilter,
    ) -> Result<(Vec<ListedOrder>, bool), ShopError> {
        staff.check(Right::OrdersToShip)?;
        let filter = &staff.order_filter(wanted.clone());
        let overdue = overdue(self.clock.now_ms());
        let mut orders = self.store.listed_orders(filter, CONSOLE_PAGE + 1, overdue).await?;
        let more = orders.len() > CONSOLE_PAGE;
        orders.truncate(CONSOLE_PAGE);
        Ok((orders, more))
    }
}
