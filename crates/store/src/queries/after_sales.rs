//! After-sales: of an order, one of them, and the lists of the console.

use model::{AfterSaleId, OrderId, admin::AfterSaleView, record::AfterSaleRecord};

use crate::{
    Store, StoreError,
    driver::Row,
    rows::{self, AFTER_SALE, AFTER_SALE_LINE},
};

/// After-sales that wait for staff: `AfterSaleState::waits_for_staff` in SQL. The words are those of the index
/// `after_sales_waiting`.
pub(in crate::queries) const WAITING: &str = "state IN ('requested', 'returned', 'received', 'failed')";

/// The condition on `after_sales` of a list.
const fn condition(view: AfterSaleView) -> &'static str {
    match view {
        AfterSaleView::Waiting => WAITING,
        AfterSaleView::Returning => "state = 'returning'",
        AfterSaleView::Refunding => "state = 'refunding'",
        AfterSaleView::Ended => "state IN ('refunded', 'declined', 'withdrawn', 'expired')",
    }
}

impl Store {
    /// The after-sales of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn after_sales_of(&self, id: &OrderId) -> Result<Vec<AfterSaleRecord>, StoreError> {
        let sql = format!("SELECT {AFTER_SALE} FROM after_sales WHERE order_id = $1 ORDER BY asked_ms, id");
        let rows = self.select(sql, &[id.as_str()]).await?;
        self.with_lines(&rows).await
    }

    /// An after-sale.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn after_sale(&self, id: &AfterSaleId) -> Result<Option<AfterSaleRecord>, StoreError> {
        let sql = format!("SELECT {AFTER_SALE} FROM after_sales WHERE id = $1");
        let rows = self.select(sql, &[id.as_str()]).await?;
        Ok(self.with_lines(&rows).await?.pop())
    }

    /// The after-sales of a list, newest first: `limit` at most, older than `before` if it is given.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn listed_after_sales(
        &self,
        view: AfterSaleView,
        before: Option<&AfterSaleId>,
        limit: usize,
    ) -> Result<Vec<AfterSaleRecord>, StoreError> {
        // ids begin with digits: ":" is behind them all
        let before = before.map_or(":", AfterSaleId::as_str);
        let sql = format!(
            "SELECT {AFTER_SALE} FROM after_sales WHERE {} AND id < $1 ORDER BY id DESC LIMIT {limit}",
            condition(view)
        );
        let rows = self.select_long(sql, &[before]).await?;
        self.with_lines(&rows).await
    }

    /// The after-sales of these orders, oldest first.
    pub(super) async fn after_sales_of_orders(
        &self,
        ids: &[&str],
    ) -> Result<Vec<AfterSaleRecord>, StoreError> {
        let head = format!("SELECT {AFTER_SALE} FROM after_sales");
        let rows = self.select_of_orders(&head, ids, "ORDER BY asked_ms, id").await?;
        self.with_lines(&rows).await
    }

    async fn with_lines(&self, rows: &[Row]) -> Result<Vec<AfterSaleRecord>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = rows.iter().map(|row| rows::text(row, "id")).collect::<Result<_, _>>()?;
        let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT {AFTER_SALE_LINE} FROM after_sale_lines WHERE after_sale_id IN ({}) ORDER BY after_sale_id, position",
            places.join(", ")
        );
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let lines = self.select(sql, &ids).await?;
        rows::after_sales(rows, &lines)
    }
}
