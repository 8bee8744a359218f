//! Orders: one order with what belongs to it, and a shopper's list.

use model::{
    OrderId, Shopper,
    event::EventKind,
    record::{
        AttemptRecord, DeliveryRecord, EventRecord, ItemRecord, OrderRecord, RefundApplicationRecord,
        ShipmentRecord,
    },
};

use crate::{
    Store, StoreError,
    driver::Row,
    rows::{self, ATTEMPT, DELIVERY, ITEM, ORDER, REFUND_APPLICATION, SHIPMENT},
};

impl Store {
    /// An order.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. The same holds for every function that reads.
    pub async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        let sql = format!("SELECT {ORDER} FROM orders o WHERE o.id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::order).transpose()
    }

    /// The lines of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn items(&self, id: &OrderId) -> Result<Vec<ItemRecord>, StoreError> {
        let sql = format!("SELECT {ITEM} FROM order_items WHERE order_id = $1 ORDER BY position");
        self.select(sql, &[id.as_str()]).await?.iter().map(rows::item).collect()
    }

    /// Whether a shopper has opened another shopper's order by its link.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn has_visited(&self, id: &OrderId, shopper: &Shopper) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM order_visitors WHERE order_id = $1 AND shopper = $2".to_owned();
        Ok(!self.select(sql, &[id.as_str(), &shopper.to_string()]).await?.is_empty())
    }

    /// The newest orders of a shopper with the attempts that paid them and their lines: `limit` at most, older than
    /// `before` if it is given.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_of(
        &self,
        shopper: &Shopper,
        before: Option<&OrderId>,
        limit: usize,
    ) -> Result<Vec<(OrderRecord, Option<AttemptRecord>, Vec<ItemRecord>)>, StoreError> {
        // ids are digits: ":" is behind them all
        let before = before.map_or(":", OrderId::as_str);
        let newest = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.out_trade_no = o.paid_out_trade_no \
             WHERE o.openid = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT {limit}"
        );
        let orders: Vec<(OrderRecord, Option<AttemptRecord>)> = self
            .select(newest, &[&shopper.to_string(), before])
            .await?
            .iter()
            .map(|row| Ok((rows::order(row)?, rows::joined_attempt(row)?)))
            .collect::<Result<_, StoreError>>()?;
        let lines = format!(
            "SELECT {ITEM} FROM order_items WHERE order_id IN (SELECT o.id FROM orders o WHERE o.openid = $1 AND \
             o.id < $2 ORDER BY o.id DESC LIMIT {limit}) ORDER BY order_id, position"
        );
        let lines = self.select(lines, &[&shopper.to_string(), before]).await?;
        let lines: Vec<ItemRecord> = lines.iter().map(rows::item).collect::<Result<_, _>>()?;
        Ok(orders
            .into_iter()
            .map(|(order, paid_by)| {
                let own = lines.iter().filter(|line| line.order_id == order.id).cloned().collect();
                (order, paid_by, own)
            })
            .collect())
    }

    /// The events of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        let sql = "SELECT order_id, seq, at_ms, who, what, out_trade_no, detail FROM events WHERE order_id = $1 \
                   ORDER BY seq";
        self.select(sql.to_owned(), &[id.as_str()]).await?.iter().map(event).collect()
    }

    /// The time of an order's first event of a kind, ms.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn event_ms(&self, id: &OrderId, what: EventKind) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT at_ms FROM events WHERE order_id = $1 AND what = $2 ORDER BY seq".to_owned();
        let rows = self.select(sql, &[id.as_str(), what.as_str()]).await?;
        rows.first().map(|row| rows::number(row, "at_ms")).transpose()
    }

    /// The number of orders in each state.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_by_state(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) AS orders FROM orders GROUP BY state".to_owned();
        let rows = self.select(sql, &[]).await?;
        rows.iter().map(|row| Ok((rows::text(row, "state")?, rows::number(row, "orders")?))).collect()
    }

    /// Where an order goes, if its shopper has said so.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn delivery(&self, id: &OrderId) -> Result<Option<DeliveryRecord>, StoreError> {
        let sql = format!("SELECT {DELIVERY} FROM deliveries WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::delivery).transpose()
    }

    /// The shipment of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn shipment(&self, id: &OrderId) -> Result<Option<ShipmentRecord>, StoreError> {
        let sql = format!("SELECT {SHIPMENT} FROM shipments WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::shipment).transpose()
    }

    /// The refund application of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refund_application(
        &self,
        id: &OrderId,
    ) -> Result<Option<RefundApplicationRecord>, StoreError> {
        let sql = format!("SELECT {REFUND_APPLICATION} FROM refund_requests WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::refund_application).transpose()
    }
}

fn event(row: &Row) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        order_id: rows::text(row, "order_id")?,
        seq: rows::number(row, "seq")?,
        at_ms: rows::number(row, "at_ms")?,
        who: rows::text(row, "who")?,
        what: rows::text(row, "what")?,
        out_trade_no: rows::text_or_null(row, "out_trade_no")?,
        detail: rows::text(row, "detail")?,
    })
}
