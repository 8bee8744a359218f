//! Reads shipments and delivery reports, which commands write, and the cached list of WeChat's carriers.

use model::{
    OrderId,
    record::{DeliveryCompanyRecord, DeliveryReportRecord, ShipmentRecord},
};

use super::admin::unreported;
use crate::{
    Store, StoreError, bulk,
    driver::{Value, text},
    rows::{self, DELIVERY_REPORT, PARCEL, SHIPMENT},
};

impl Store {
    /// The shipment of an order with its parcels; `None` before the first parcel or the pickup.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn shipment(&self, id: &OrderId) -> Result<Option<ShipmentRecord>, StoreError> {
        let sql = format!("SELECT {SHIPMENT} FROM shipments WHERE order_id = $1");
        let rows = self.select(sql, &[id.as_str()]).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let sql = format!("SELECT {PARCEL} FROM parcels WHERE order_id = $1 ORDER BY position");
        let parcels = self.select(sql, &[id.as_str()]).await?;
        Ok(rows::shipments(&rows, &parcels)?.pop())
    }

    /// The shipments of these orders with their parcels, sorted by order id.
    pub(super) async fn shipments_of(&self, ids: &[&str]) -> Result<Vec<ShipmentRecord>, StoreError> {
        let head = format!("SELECT {SHIPMENT} FROM shipments");
        let rows = self.select_of_orders(&head, ids, "ORDER BY order_id").await?;
        let head = format!("SELECT {PARCEL} FROM parcels");
        let parcels = self.select_of_orders(&head, ids, "ORDER BY order_id, position").await?;
        rows::shipments(&rows, &parcels)
    }

    /// The delivery report of an order; `None` if the order was not paid in the mini program.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn delivery_report(&self, id: &OrderId) -> Result<Option<DeliveryReportRecord>, StoreError> {
        let sql = format!("SELECT {DELIVERY_REPORT} FROM delivery_reports WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::delivery_report).transpose()
    }

    /// The number of orders whose delivery WeChat does not know: those that were paid at this time or earlier, ms, and
    /// those whose report WeChat refused.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn unreported_deliveries(&self, paid_before_ms: i64) -> Result<i64, StoreError> {
        let sql = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS orders FROM orders o WHERE {}",
            unreported(paid_before_ms)
        );
        let rows = self.select(sql, &[]).await?;
        rows.first().map_or(Ok(0), |row| rows::number(row, "orders"))
    }

    /// WeChat's carriers, as the shop last read them. Empty before the first time.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn delivery_companies(&self) -> Result<Vec<DeliveryCompanyRecord>, StoreError> {
        let sql = "SELECT id, name, read_ms FROM delivery_companies ORDER BY id".to_owned();
        self.select(sql, &[]).await?.iter().map(rows::delivery_company).collect()
    }

    /// Replaces the cached list of WeChat's carriers.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn replace_delivery_companies(
        &self,
        companies: Vec<DeliveryCompanyRecord>,
    ) -> Result<(), StoreError> {
        const CONTEXT: &str = "storing the carriers that WeChat knows";
        self.exclusive(move |connection| {
            Box::pin(async move {
                connection.begin(CONTEXT).await?;
                connection.run(CONTEXT, "DELETE FROM delivery_companies").await?;
                let row =
                    |one: DeliveryCompanyRecord| [text(one.id), text(one.name), Value::Number(one.read_ms)];
                let rows = companies.into_iter().map(row).collect();
                let head = "INSERT INTO delivery_companies (id, name, read_ms)";
                bulk::insert(connection, CONTEXT, head, rows, "ON CONFLICT (id) DO NOTHING").await?;
                connection.commit(CONTEXT).await
            })
        })
        .await
    }
}
