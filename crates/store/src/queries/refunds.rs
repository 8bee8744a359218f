//! Reads refunds. Commands write them.

use model::{OrderId, OutRefundNo, record::RefundRecord};

use crate::{
    Store, StoreError,
    rows::{self, REFUND},
};

impl Store {
    /// A refund; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refund(&self, out_refund_no: &OutRefundNo) -> Result<Option<RefundRecord>, StoreError> {
        let sql = format!("SELECT {REFUND} FROM refunds WHERE out_refund_no = $1");
        self.select(sql, &[out_refund_no.as_str()]).await?.first().map(rows::refund).transpose()
    }

    /// The refunds of an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refunds_of(&self, id: &OrderId) -> Result<Vec<RefundRecord>, StoreError> {
        let sql =
            format!("SELECT {REFUND} FROM refunds WHERE order_id = $1 ORDER BY created_ms, out_refund_no");
        self.select(sql, &[id.as_str()]).await?.iter().map(rows::refund).collect()
    }

    /// The refunds that the shop recorded from `from_ms` on and before `to_ms`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refunds_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<RefundRecord>, StoreError> {
        let sql =
            format!("SELECT {REFUND} FROM refunds WHERE created_ms >= {from_ms} AND created_ms < {to_ms}");
        self.select(sql, &[]).await?.iter().map(rows::refund).collect()
    }

    /// The refunds of all orders that have not ended, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_refunds(&self) -> Result<Vec<RefundRecord>, StoreError> {
        let sql = format!(
            "SELECT {REFUND} FROM refunds WHERE state NOT IN ('success', 'closed') ORDER BY created_ms"
        );
        self.select(sql, &[]).await?.iter().map(rows::refund).collect()
    }
}
