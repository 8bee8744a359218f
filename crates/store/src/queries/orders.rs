//! Reads orders: a single order with its parts, and a shopper's list. Commands write them.

use model::{
    Fen, OrderId, Shopper, Sku,
    event::{EventKind, EventSource},
    order::{OrderTab, TabCounts},
    record::{
        AfterSaleRecord, AttemptRecord, DeliveryRecord, EventRecord, ItemRecord, OrderRecord, ShipmentRecord,
    },
};

use super::admin::to_ship;
use crate::{
    Store, StoreError,
    driver::Row,
    rows::{self, ATTEMPT, DELIVERY, ITEM, ORDER, PARCEL, SHIPMENT},
};

/// An order with the parts that a shopper's list and the packing of orders need.
#[derive(Clone, Debug)]
pub struct ShopperOrder {
    /// The order.
    pub order: OrderRecord,
    /// The attempt that paid it.
    pub paid_by: Option<AttemptRecord>,
    /// Its lines, sorted by position.
    pub items: Vec<ItemRecord>,
    /// Where it goes; `None` if the shopper has not chosen.
    pub delivery: Option<DeliveryRecord>,
    /// Its shipment; `None` before the first parcel or the pickup.
    pub shipment: Option<ShipmentRecord>,
    /// Its after-sales, oldest first.
    pub after_sales: Vec<AfterSaleRecord>,
}

/// The total of an order, and for each line the price of a piece and the number of pieces.
pub type TotalAndLines = (Fen, Vec<(Fen, i64)>);

/// The condition on `orders AS o` for a tab.
fn condition(tab: OrderTab) -> String {
    let fixed = match tab {
        OrderTab::All => "1 = 1",
        OrderTab::ToPay => "o.state IN ('created', 'paying')",
        OrderTab::ToShip => return to_ship(),
        OrderTab::Shipped => {
            "o.kind = 'goods' AND o.state IN ('paid', 'partly_refunded') AND o.shipped_ms IS NOT NULL AND \
             o.received_ms IS NULL"
        }
        OrderTab::Refund => {
            "(EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id) OR EXISTS (SELECT 1 FROM after_sales q WHERE \
             q.order_id = o.id AND q.state <> 'withdrawn'))"
        }
    };
    fixed.to_owned()
}

/// The condition on `orders AS o`: it has a refund or an after-sale that has not ended.
const OPEN_REFUND: &str = "(EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.state NOT IN ('success', 'closed')) OR \
     EXISTS (SELECT 1 FROM after_sales q WHERE q.order_id = o.id AND q.state NOT IN ('refunded', 'declined', \
     'withdrawn', 'expired')))";

impl Store {
    /// The totals and lines of all orders with this sku, for the checks of `make rush`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn totals_and_lines(&self, sku: &Sku) -> Result<Vec<TotalAndLines>, StoreError> {
        let sql = "SELECT o.id AS id, o.total_fee AS total_fee, i.price AS price, i.quantity AS quantity FROM orders o \
                   JOIN order_items i ON i.order_id = o.id \
                   WHERE o.id IN (SELECT order_id FROM order_items WHERE sku = $1) ORDER BY o.id, i.position";
        let (mut ids, mut orders): (Vec<String>, Vec<TotalAndLines>) = (Vec::new(), Vec::new());
        for row in &self.select(sql.to_owned(), &[sku.as_str()]).await? {
            let id: String = rows::text(row, "id")?;
            let line = (Fen(rows::number(row, "price")?), rows::number(row, "quantity")?);
            match orders.last_mut() {
                Some((_, lines)) if ids.last() == Some(&id) => lines.push(line),
                _ => {
                    ids.push(id);
                    orders.push((Fen(rows::number(row, "total_fee")?), vec![line]));
                }
            }
        }
        Ok(orders)
    }

    /// Whether a shopper has an order of these items that is not closed. `basket` is [`OrderRecord::basket`].
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn has_basket(&self, shopper: &Shopper, basket: &str) -> Result<bool, StoreError> {
        let sql =
            "SELECT 1 AS one FROM orders WHERE openid = $1 AND basket = $2 AND state <> 'closed' LIMIT 1";
        Ok(!self.select(sql.to_owned(), &[&shopper.to_string(), basket]).await?.is_empty())
    }

    /// An order; `None` if it does not exist.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. The same holds for every function that reads.
    pub async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        let sql = format!("SELECT {ORDER} FROM orders o WHERE o.id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::order).transpose()
    }

    /// The lines of an order, sorted by position.
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

    /// A page of a tab of a shopper's list, newest first: at most `limit`. It begins after `before`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_of(
        &self,
        shopper: &Shopper,
        tab: OrderTab,
        before: Option<&OrderId>,
        limit: usize,
    ) -> Result<Vec<ShopperOrder>, StoreError> {
        // ids are digits, and ":" sorts after all digits
        let before = before.map_or(":", OrderId::as_str);
        let (shopper, of_tab) = (shopper.to_string(), condition(tab));
        let page = format!(
            "FROM orders o WHERE o.openid = $1 AND o.id < $2 AND {of_tab} ORDER BY o.id DESC LIMIT {limit}"
        );
        let newest = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.out_trade_no = o.paid_out_trade_no \
             WHERE o.openid = $1 AND o.id < $2 AND {of_tab} ORDER BY o.id DESC LIMIT {limit}"
        );
        let of_page = async |columns: &str, table: &str, end: &str| {
            let sql = format!("SELECT {columns} FROM {table} WHERE order_id IN (SELECT o.id {page}) {end}");
            self.select(sql, &[&shopper, before]).await
        };
        let rows = self.select(newest, &[&shopper, before]).await?;
        let lines = of_page(ITEM, "order_items", "ORDER BY order_id, position").await?;
        let lines: Vec<ItemRecord> = lines.iter().map(rows::item).collect::<Result<_, _>>()?;
        let deliveries = of_page(DELIVERY, "deliveries", "").await?;
        let deliveries: Vec<DeliveryRecord> =
            deliveries.iter().map(rows::delivery).collect::<Result<_, _>>()?;
        let shipments = of_page(SHIPMENT, "shipments", "").await?;
        let parcels = of_page(PARCEL, "parcels", "ORDER BY order_id, position").await?;
        let shipments = rows::shipments(&shipments, &parcels)?;
        let ids: Vec<String> = rows.iter().map(|row| rows::text(row, "o_id")).collect::<Result<_, _>>()?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let after_sales = self.after_sales_of_orders(&ids).await?;
        rows.iter()
            .map(|row| {
                let order = rows::order(row)?;
                Ok(ShopperOrder {
                    paid_by: rows::joined_attempt(row)?,
                    items: lines.iter().filter(|line| line.order_id == order.id).cloned().collect(),
                    delivery: deliveries.iter().find(|row| row.order_id == order.id).cloned(),
                    shipment: shipments.iter().find(|row| row.order_id == order.id).cloned(),
                    after_sales: after_sales.iter().filter(|row| row.order_id == order.id).cloned().collect(),
                    order,
                })
            })
            .collect()
    }

    /// How many orders of a shopper each tab of the list has.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn tab_counts(&self, shopper: &Shopper) -> Result<TabCounts, StoreError> {
        let count = |condition: &str, name: &str| {
            format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {name}")
        };
        let sum = |tab, name| count(&condition(tab), name);
        let sums = [
            sum(OrderTab::ToPay, "to_pay"),
            sum(OrderTab::ToShip, "to_ship"),
            sum(OrderTab::Shipped, "shipped"),
            // ended refunds stay in the list, but are not counted
            count(OPEN_REFUND, "refund"),
        ];
        let sql = format!("SELECT {} FROM orders o WHERE o.openid = $1", sums.join(", "));
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        let Some(row) = rows.first() else { return Ok(TabCounts::default()) };
        Ok(TabCounts {
            to_pay: rows::number(row, "to_pay")?,
            to_ship: rows::number(row, "to_ship")?,
            shipped: rows::number(row, "shipped")?,
            refund: rows::number(row, "refund")?,
        })
    }

    /// The name and the phone number in the shopper's newest order with a name.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn last_contact(&self, shopper: &Shopper) -> Result<Option<(String, String)>, StoreError> {
        let sql =
            "SELECT d.name AS name, d.phone AS phone FROM orders o JOIN deliveries d ON d.order_id = o.id \
                   WHERE o.openid = $1 AND d.name <> '' ORDER BY o.id DESC LIMIT 1"
                .to_owned();
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        rows.first().map(|row| Ok((rows::text(row, "name")?, rows::text(row, "phone")?))).transpose()
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

    /// The time of an order's first event of a kind, ms; `None` without such an event.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn event_ms(&self, id: &OrderId, what: EventKind) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT at_ms FROM events WHERE order_id = $1 AND what = $2 ORDER BY seq".to_owned();
        let rows = self.select(sql, &[id.as_str(), what.as_str()]).await?;
        rows.first().map(|row| rows::number(row, "at_ms")).transpose()
    }

    /// Whether the shopper, and not the clock, requested the close of the order first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn was_cancelled(&self, id: &OrderId) -> Result<bool, StoreError> {
        let sql = "SELECT who FROM events WHERE order_id = $1 AND what = $2 ORDER BY seq LIMIT 1".to_owned();
        let rows = self.select(sql, &[id.as_str(), EventKind::CloseRequested.as_str()]).await?;
        let who: Option<EventSource> = rows.first().map(|row| rows::text(row, "who")).transpose()?;
        Ok(who == Some(EventSource::Shopper))
    }

    /// The detail of an order's newest event of a kind; `None` without such an event.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn last_detail(&self, id: &OrderId, what: EventKind) -> Result<Option<String>, StoreError> {
        let sql = "SELECT detail FROM events WHERE order_id = $1 AND what = $2 ORDER BY seq DESC LIMIT 1"
            .to_owned();
        let rows = self.select(sql, &[id.as_str(), what.as_str()]).await?;
        rows.first().map(|row| rows::text(row, "detail")).transpose()
    }

    /// The number of orders by the word of their state.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_by_state(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) AS orders FROM orders GROUP BY state".to_owned();
        let rows = self.select(sql, &[]).await?;
        rows.iter().map(|row| Ok((rows::text(row, "state")?, rows::number(row, "orders")?))).collect()
    }

    /// Where an order goes; `None` if its shopper has not chosen.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn delivery(&self, id: &OrderId) -> Result<Option<DeliveryRecord>, StoreError> {
        let sql = format!("SELECT {DELIVERY} FROM deliveries WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::delivery).transpose()
    }
}

fn event(row: &Row) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        order_id: rows::text(row, "order_id")?,
        seq: rows::number(row, "seq")?,
        at_ms: rows::number(row, "at_ms")?,
        source: rows::text(row, "who")?,
        kind: rows::text(row, "what")?,
        out_trade_no: rows::text_or_null(row, "out_trade_no")?,
        detail: rows::text(row, "detail")?,
    })
}
