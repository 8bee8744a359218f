//! Reads payment attempts and their requests. Commands write them.

use model::{
    OrderId, OutTradeNo,
    record::{AttemptRecord, OrderRecord},
};

use crate::{
    Store, StoreError,
    rows::{self, ATTEMPT},
};

impl Store {
    /// The attempt that paid an order; `None` before the payment.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn paid_by(&self, order: &OrderRecord) -> Result<Option<AttemptRecord>, StoreError> {
        match &order.paid_out_trade_no {
            Some(number) => self.attempt(number).await,
            None => Ok(None),
        }
    }

    /// A payment attempt; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn attempt(&self, out_trade_no: &OutTradeNo) -> Result<Option<AttemptRecord>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.out_trade_no = $1");
        self.select(sql, &[out_trade_no.as_str()]).await?.first().map(rows::attempt).transpose()
    }

    /// The request of an attempt, byte for byte.
    ///
    /// # Errors
    /// As [`Store::order`]; also if the attempt does not exist.
    pub async fn request_of(&self, out_trade_no: &OutTradeNo) -> Result<String, StoreError> {
        let sql = "SELECT request FROM attempt_requests WHERE out_trade_no = $1".to_owned();
        let rows = self.select(sql, &[out_trade_no.as_str()]).await?;
        let row = rows.first().ok_or_else(|| StoreError::new("reading a request", "it does not exist"))?;
        rows::text(row, "request")
    }

    /// The attempts of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn attempts_of(&self, id: &OrderId) -> Result<Vec<AttemptRecord>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.order_id = $1 ORDER BY a.seq");
        self.select(sql, &[id.as_str()]).await?.iter().map(rows::attempt).collect()
    }

    /// The requests of an order's attempts, oldest first: each `out_trade_no` with the request, byte for byte.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn requests_of(&self, id: &OrderId) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT r.out_trade_no AS out_trade_no, r.request AS request FROM attempts a \
                   JOIN attempt_requests r ON r.out_trade_no = a.out_trade_no WHERE a.order_id = $1 ORDER BY a.seq";
        let rows = self.select(sql.to_owned(), &[id.as_str()]).await?;
        rows.iter().map(|row| Ok((rows::text(row, "out_trade_no")?, rows::text(row, "request")?))).collect()
    }

    /// The attempts that were paid from `from_ms` on and before `to_ms`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn paid_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<AttemptRecord>, StoreError> {
        let sql =
            format!("SELECT {ATTEMPT} FROM attempts a WHERE a.paid_ms >= {from_ms} AND a.paid_ms < {to_ms}");
        self.select(sql, &[]).await?.iter().map(rows::attempt).collect()
    }

    /// The open attempts of all orders, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_attempts(&self) -> Result<Vec<AttemptRecord>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempts a WHERE a.state = 'open' ORDER BY a.out_trade_no");
        self.select(sql, &[]).await?.iter().map(rows::attempt).collect()
    }
}
