//! Records which of WeChat's bills the shop has compared with its books.

use crate::{
    Store, StoreError,
    driver::{Value, text},
};

/// The result of comparing WeChat's bill of a day with the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRecord {
    /// The day in Shanghai: `2026-11-21`.
    pub day: String,
    /// When the shop compared it, ms.
    pub compared_ms: i64,
    /// The number of this shop's payments in the bill.
    pub payments: i64,
    /// Their amount, fen.
    pub order_fee: i64,
    /// The number of this shop's refunds in the bill.
    pub refunds: i64,
    /// Their amount, fen.
    pub refund_fee: i64,
    /// The number of rows of other systems with the same merchant number.
    pub foreign_rows: i64,
    /// The number of discrepancies that the comparison recorded.
    pub discrepancies: i64,
}

impl Store {
    /// Records the comparison of a day. It replaces an earlier record of the day.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn record_bill(&self, bill: &BillRecord) -> Result<(), StoreError> {
        let sql = "INSERT INTO bills (day, compared_ms, payments, order_fee, refunds, refund_fee, \
                   foreign_rows, differences) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (day) \
                   DO UPDATE SET compared_ms = excluded.compared_ms, payments = excluded.payments, \
                   order_fee = excluded.order_fee, refunds = excluded.refunds, \
                   refund_fee = excluded.refund_fee, foreign_rows = excluded.foreign_rows, \
                   differences = excluded.differences";
        let numbers = [
            bill.compared_ms,
            bill.payments,
            bill.order_fee,
            bill.refunds,
            bill.refund_fee,
            bill.foreign_rows,
            bill.discrepancies,
        ];
        let values = std::iter::once(text(&bill.day)).chain(numbers.map(Value::Number)).collect();
        self.execute("writing a bill", sql, values).await
    }

    /// Whether the bill of a day was compared.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn has_bill(&self, day: &str) -> Result<bool, StoreError> {
        let rows = self.select("SELECT day FROM bills WHERE day = $1".to_owned(), &[day]).await?;
        Ok(!rows.is_empty())
    }
}
