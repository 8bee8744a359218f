//! Reads after-sales: those of an order, a single one, and the lists of the console. Commands write them.

use model::{
    AfterSaleId, Fen, OrderId,
    admin::{AfterSaleView, ListedAfterSale},
    record::AfterSaleRecord,
};

use crate::{
    Store, StoreError,
    driver::Row,
    queries::admin::claimed_in_a_line,
    rows::{self, AFTER_SALE, AFTER_SALE_LINE},
};

/// After-sales that wait for staff: `AfterSaleState::waits_for_staff` in SQL. The text matches the index
/// `after_sales_waiting`.
pub(in crate::queries) const WAITING: &str = "state IN ('requested', 'returned', 'received', 'failed')";

/// The condition on `after_sales` for a list.
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

    /// An after-sale; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn after_sale(&self, id: &AfterSaleId) -> Result<Option<AfterSaleRecord>, StoreError> {
        let sql = format!("SELECT {AFTER_SALE} FROM after_sales WHERE id = $1");
        let rows = self.select(sql, &[id.as_str()]).await?;
        Ok(self.with_lines(&rows).await?.pop())
    }

    /// The address that staff gave for the newest return; empty if there is none. Declined after-sales are skipped:
    /// their answer is not an address.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn last_return_address(&self) -> Result<String, StoreError> {
        let sql = "SELECT answer FROM after_sales WHERE kind = 'return' AND answer <> '' AND state <> 'declined' \
                   ORDER BY id DESC LIMIT 1";
        let rows = self.select(sql.to_owned(), &[]).await?;
        rows.first().map_or(Ok(String::new()), |row| rows::text(row, "answer"))
    }

    /// A page of the after-sales of a list, newest first: at most `limit`. It begins after `before`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn listed_after_sales(
        &self,
        view: AfterSaleView,
        before: Option<&AfterSaleId>,
        limit: usize,
    ) -> Result<Vec<ListedAfterSale>, StoreError> {
        // ids begin with digits, and ":" sorts after all digits
        let before = before.map_or(":", AfterSaleId::as_str);
        let sql = format!(
            "SELECT {AFTER_SALE} FROM after_sales WHERE {} AND id < $1 ORDER BY id DESC LIMIT {limit}",
            condition(view)
        );
        let rows = self.select_long(sql, &[before]).await?;
        let found = self.with_lines(&rows).await?;
        let orders: Vec<&str> = found.iter().map(|one| one.order_id.as_str()).collect();
        let items = self.item_lines(&orders).await?;
        let named = self.select_of_orders("SELECT order_id, name FROM deliveries", &orders, "").await?;
        let refunds = "SELECT order_id, out_refund_no, refund_fee FROM refunds";
        let refunds = self.select_of_orders(refunds, &orders, "").await?;
        let listed = found.into_iter().map(|after_sale| {
            let mut name = String::new();
            for row in &named {
                if rows::text::<String>(row, "order_id")? == after_sale.order_id.as_str() {
                    name = rows::text(row, "name")?;
                }
            }
            let mut refund_fee = None;
            for row in &refunds {
                if rows::text::<String>(row, "out_refund_no")? == after_sale.out_refund_no {
                    refund_fee = Some(Fen(rows::number(row, "refund_fee")?));
                }
            }
            Ok(ListedAfterSale {
                items: claimed_in_a_line(&items, &after_sale),
                after_sale,
                name,
                refund_fee,
            })
        });
        listed.collect()
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
