//! Reads the orders that staff pack: which orders wait for a parcel, and several orders at once with their parts.

use model::{OrderId, record::ItemRecord};

use super::{ShopperOrder, admin::to_ship};
use crate::{
    Store, StoreError,
    rows::{self, ATTEMPT, DELIVERY, ITEM, ORDER, PARCEL, SHIPMENT},
};

impl Store {
    /// A page of the orders that wait for a parcel, the oldest first: at most `limit`. It begins after `after`. Pickups
    /// are not included.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_to_pack(
        &self,
        after: Option<&OrderId>,
        limit: usize,
    ) -> Result<Vec<OrderId>, StoreError> {
        let sql = format!(
            "SELECT o.id AS id FROM orders o JOIN deliveries d ON d.order_id = o.id WHERE {} AND d.address <> '' AND \
             o.id > $1 ORDER BY o.id LIMIT {limit}",
            to_ship()
        );
        let rows = self.select_long(sql, &[after.map_or("", OrderId::as_str)]).await?;
        rows.iter().map(|row| rows::text(row, "id")).collect()
    }

    /// These orders with their parts, the oldest first. Unknown orders are left out.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_with_parts(&self, ids: &[OrderId]) -> Result<Vec<ShopperOrder>, StoreError> {
        /// The maximum number of orders in one statement.
        const MAX_ORDERS: usize = 100;
        let mut orders = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MAX_ORDERS) {
            orders.extend(self.some_orders_with_parts(ids).await?);
        }
        orders.sort_by(|one, other| one.order.id.cmp(&other.order.id));
        Ok(orders)
    }

    async fn some_orders_with_parts(&self, ids: &[OrderId]) -> Result<Vec<ShopperOrder>, StoreError> {
        let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.out_trade_no = o.paid_out_trade_no \
             WHERE o.id IN ({})",
            places.join(", ")
        );
        let ids: Vec<&str> = ids.iter().map(OrderId::as_str).collect();
        let rows = self.select_long(sql, &ids).await?;
        let select = async |columns: &str, table: &str, tail: &str| {
            self.select_of_orders(&format!("SELECT {columns} FROM {table}"), &ids, tail).await
        };
        let items = select(ITEM, "order_items", "ORDER BY order_id, position").await?;
        let items: Vec<ItemRecord> = items.iter().map(rows::item).collect::<Result<_, _>>()?;
        let deliveries = select(DELIVERY, "deliveries", "").await?;
        let deliveries = deliveries.iter().map(rows::delivery).collect::<Result<Vec<_>, _>>()?;
        let shipments = select(SHIPMENT, "shipments", "ORDER BY order_id").await?;
        let parcels = select(PARCEL, "parcels", "ORDER BY order_id, position").await?;
        let shipments = rows::shipments(&shipments, &parcels)?;
        let after_sales = self.after_sales_of_orders(&ids).await?;
        rows.iter()
            .map(|row| {
                let order = rows::order(row)?;
                Ok(ShopperOrder {
                    paid_by: rows::joined_attempt(row)?,
                    items: items.iter().filter(|item| item.order_id == order.id).cloned().collect(),
                    delivery: deliveries.iter().find(|row| row.order_id == order.id).cloned(),
                    shipment: shipments.iter().find(|row| row.order_id == order.id).cloned(),
                    after_sales: after_sales.iter().filter(|row| row.order_id == order.id).cloned().collect(),
                    order,
                })
            })
            .collect()
    }
}
