//! What pages and checks read, beside the writer.

use model::{Fen, OpenId, OrderId, OutRefundNo, OutTradeNo, Shopper, Sku};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use super::{
    Store, StoreError,
    rows::{
        self, ATTEMPT, AttemptRow, AuditRow, DeliveryRow, ITEM, ItemRow, ORDER, OrderRow, ProfileRow, REFUND,
        REFUND_REQUEST, RefundRequestRow, RefundRow, SHIPMENT, STOCK, ShipmentRow, StockRow,
    },
};

impl Store {
    /// An order.
    ///
    /// # Errors
    /// [`StoreError`] where the database fails; so for each of these.
    pub async fn order(&self, id: &OrderId) -> Result<Option<OrderRow>, StoreError> {
        let sql = format!("SELECT {ORDER} FROM orders o WHERE o.id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::order).transpose()
    }

    /// The lines of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn items(&self, id: &OrderId) -> Result<Vec<ItemRow>, StoreError> {
        let sql = format!("SELECT {ITEM} FROM order_items WHERE order_id = $1 ORDER BY position");
        self.select(sql, &[id.as_str()]).await?.iter().map(rows::item).collect()
    }

    /// Whether a shopper has opened somebody else's order by its link.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn has_visited(&self, id: &OrderId, shopper: &Shopper) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM order_visitors WHERE order_id = $1 AND shopper = $2".to_owned();
        Ok(!self.select(sql, &[id.as_str(), &shopper.to_string()]).await?.is_empty())
    }

    /// The newest orders of a shopper with the attempts that paid them and their lines, `limit` at most, older than
    /// `before` where it is given.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_of(
        &self,
        shopper: &Shopper,
        before: Option<&OrderId>,
        limit: usize,
    ) -> Result<Vec<(OrderRow, Option<AttemptRow>, Vec<ItemRow>)>, StoreError> {
        // ids are digits: ":" is behind them all
        let before = before.map_or(":", OrderId::as_str);
        let newest = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.out_trade_no = o.paid_out_trade_no \
             WHERE o.openid = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT {limit}"
        );
        let orders: Vec<(OrderRow, Option<AttemptRow>)> = self
            .select(newest, &[&shopper.to_string(), before])
            .await?
            .iter()
            .map(|row| Ok((rows::order(row)?, rows::attempt_beside(row)?)))
            .collect::<Result<_, StoreError>>()?;
        let lines = format!(
            "SELECT {ITEM} FROM order_items WHERE order_id IN (SELECT o.id FROM orders o WHERE o.openid = $1 AND \
             o.id < $2 ORDER BY o.id DESC LIMIT {limit}) ORDER BY order_id, position"
        );
        let lines = self.select(lines, &[&shopper.to_string(), before]).await?;
        let lines: Vec<ItemRow> = lines.iter().map(rows::item).collect::<Result<_, _>>()?;
        Ok(orders
            .into_iter()
            .map(|(order, paid_by)| {
                let own = lines.iter().filter(|line| line.order_id == order.id).cloned().collect();
                (order, paid_by, own)
            })
            .collect())
    }

    /// A payment attempt.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn attempt(&self, out_trade_no: &OutTradeNo) -> Result<Option<AttemptRow>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.out_trade_no = $1");
        self.select(sql, &[out_trade_no.as_str()]).await?.first().map(|row| rows::attempt(row, 0)).transpose()
    }

    /// What WeChat was asked for an attempt, byte for byte.
    pub(crate) async fn request_of(&self, out_trade_no: &OutTradeNo) -> Result<String, StoreError> {
        let sql = "SELECT request FROM attempt_requests WHERE out_trade_no = $1".to_owned();
        let rows = self.select(sql, &[out_trade_no.as_str()]).await?;
        let row = rows.first().ok_or_else(|| StoreError::new("reading a request", "there is none"))?;
        row.try_get(0).map_err(StoreError::during("reading a request"))
    }

    /// The attempts of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn attempts_of(&self, id: &OrderId) -> Result<Vec<AttemptRow>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.order_id = $1 ORDER BY a.seq");
        self.select(sql, &[id.as_str()]).await?.iter().map(|row| rows::attempt(row, 0)).collect()
    }

    /// A refund.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refund(&self, out_refund_no: &OutRefundNo) -> Result<Option<RefundRow>, StoreError> {
        let sql = format!("SELECT {REFUND} FROM refunds WHERE out_refund_no = $1");
        self.select(sql, &[out_refund_no.as_str()]).await?.first().map(rows::refund).transpose()
    }

    /// The refunds of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refunds_of(&self, id: &OrderId) -> Result<Vec<RefundRow>, StoreError> {
        let sql =
            format!("SELECT {REFUND} FROM refunds WHERE order_id = $1 ORDER BY created_ms, out_refund_no");
        self.select(sql, &[id.as_str()]).await?.iter().map(rows::refund).collect()
    }

    /// The shipment of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn shipment(&self, id: &OrderId) -> Result<Option<ShipmentRow>, StoreError> {
        let sql = format!("SELECT {SHIPMENT} FROM shipments WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::shipment).transpose()
    }

    /// The shopper's wish to have an order's money back.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refund_request(&self, id: &OrderId) -> Result<Option<RefundRequestRow>, StoreError> {
        let sql = format!("SELECT {REFUND_REQUEST} FROM refund_requests WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::refund_request).transpose()
    }

    /// What happened to an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn events(&self, id: &OrderId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT what FROM events WHERE order_id = $1 ORDER BY seq".to_owned();
        let rows = self.select(sql, &[id.as_str()]).await?;
        rows.iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()
            .map_err(StoreError::during("reading events"))
    }

    /// When an order was closed, ms.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn closed_ms(&self, id: &OrderId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT at_ms FROM events WHERE order_id = $1 AND what = 'closed'".to_owned();
        let rows = self.select(sql, &[id.as_str()]).await?;
        rows.first().map(|row| row.try_get(0)).transpose().map_err(StoreError::during("reading events"))
    }

    /// How many pieces of everything are left.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn stock(&self) -> Result<Vec<(Sku, i64)>, StoreError> {
        Ok(self.shelf().await?.into_iter().map(|stock| (stock.sku, stock.stock)).collect())
    }

    /// The price and stock of everything.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn shelf(&self) -> Result<Vec<StockRow>, StoreError> {
        let rows = self.select(STOCK.to_owned(), &[]).await?;
        rows.iter().map(rows::stock).collect()
    }

    /// Where an order goes, where that was said.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn delivery(&self, id: &OrderId) -> Result<Option<DeliveryRow>, StoreError> {
        let sql =
            "SELECT order_id, name, phone, address, note FROM deliveries WHERE order_id = $1".to_owned();
        self.select(sql, &[id.as_str()]).await?.first().map(rows::delivery).transpose()
    }

    /// What a shopper has topped up.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn balance(&self, shopper: &Shopper) -> Result<Fen, StoreError> {
        let sql = "SELECT balance FROM wallets WHERE openid = $1".to_owned();
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        let balance = rows.first().map_or(Ok(0), |row| row.try_get(0));
        balance.map(Fen).map_err(StoreError::during("reading a balance"))
    }

    /// What a shopper let WeChat tell.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<ProfileRow>, StoreError> {
        let sql = "SELECT openid, nickname, headimgurl, at_ms FROM profiles WHERE openid = $1".to_owned();
        self.select(sql, &[openid.as_str()]).await?.first().map(rows::profile).transpose()
    }

    /// What somebody has done that is about no order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn audit_of(&self, who: &str) -> Result<Vec<AuditRow>, StoreError> {
        let sql =
            "SELECT id, at_ms, who, what, detail FROM audit WHERE who = $1 ORDER BY at_ms, id".to_owned();
        self.select(sql, &[who]).await?.iter().map(rows::audit).collect()
    }

    /// How many differences of a kind have been seen.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn differences(&self, kind: &str) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM differences WHERE kind = $1".to_owned();
        let rows = self.select(sql, &[kind]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(StoreError::during("counting differences"))
    }

    /// The attempts that WeChat was paid for between two times, ms: from the first, before the second.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn paid_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<AttemptRow>, StoreError> {
        let sql =
            format!("SELECT {ATTEMPT} FROM attempts a WHERE a.paid_ms >= {from_ms} AND a.paid_ms < {to_ms}");
        self.select(sql, &[]).await?.iter().map(|row| rows::attempt(row, 0)).collect()
    }

    /// The refunds that were asked for between two times, ms.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refunds_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<RefundRow>, StoreError> {
        let sql =
            format!("SELECT {REFUND} FROM refunds WHERE created_ms >= {from_ms} AND created_ms < {to_ms}");
        self.select(sql, &[]).await?.iter().map(rows::refund).collect()
    }

    /// The attempts that may still be paid, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_attempts(&self) -> Result<Vec<AttemptRow>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.state = 'open' ORDER BY a.out_trade_no");
        self.select(sql, &[]).await?.iter().map(|row| rows::attempt(row, 0)).collect()
    }

    /// The refunds that have not ended, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_refunds(&self) -> Result<Vec<RefundRow>, StoreError> {
        let sql = format!(
            "SELECT {REFUND} FROM refunds WHERE state NOT IN ('success', 'closed') ORDER BY created_ms"
        );
        self.select(sql, &[]).await?.iter().map(rows::refund).collect()
    }

    /// The states of all orders, with how many there are of each.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_by_state(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) FROM orders GROUP BY state".to_owned();
        let rows = self.select(sql, &[]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("counting orders"))
    }

    /// How many jobs are due, and since when the oldest of them, ms.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn due_jobs(&self, now_ms: i64) -> Result<(i64, Option<i64>), StoreError> {
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT), MIN(run_ms) FROM jobs WHERE run_ms <= {now_ms}");
        let rows = self.select(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok((0, None)) };
        let read = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
        read(row).map_err(StoreError::during::<sqlx::Error>("counting jobs"))
    }

    /// How many differences are open.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_difference_count(&self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM differences WHERE resolution = ''".to_owned();
        let rows = self.select(sql, &[]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(StoreError::during("counting differences"))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        if !self.writer.is_running() {
            return Err(StoreError::new("writing", "the writer has stopped: restart the server"));
        }
        self.select("SELECT 1".to_owned(), &[]).await.map(drop)
    }

    pub(crate) async fn select(&self, sql: String, keys: &[&str]) -> Result<Vec<AnyRow>, StoreError> {
        // the text is made of our own words; what comes from outside is bound
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for key in keys {
            query = query.bind(*key);
        }
        query.fetch_all(&self.readers).await.map_err(StoreError::during("reading"))
    }
}
