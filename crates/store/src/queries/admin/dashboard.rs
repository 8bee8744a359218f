//! The sums of the dashboard.

use model::{Fen, admin::ToDo};

use super::attention::{StuckRefunds, WAITING, to_ship};
use crate::{Store, StoreError, rows};

/// A day, ms.
const DAY_MS: i64 = 86_400_000;

/// A number of orders of one day that share a state and a class of the time to payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOrders {
    /// The number of the day since 1970, in the time zone of the query.
    pub day: i64,
    /// The state.
    pub state: String,
    /// The index of the class; `None` for orders that were not paid.
    pub class: Option<usize>,
    /// The number of orders.
    pub orders: i64,
}

impl Store {
    /// The numbers of things that wait for staff.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn to_do(&self, stuck: StuckRefunds) -> Result<ToDo, StoreError> {
        let sql = format!(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE {}) AS to_ship, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM refund_requests WHERE {WAITING}) AS applications, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM refunds WHERE {}) AS refunds, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM differences WHERE resolution = '') AS discrepancies",
            to_ship(),
            stuck.condition()
        );
        let rows = self.select_long(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(ToDo::default()) };
        Ok(ToDo {
            to_ship: rows::number(row, "to_ship")?,
            applications: rows::number(row, "applications")?,
            refunds: rows::number(row, "refunds")?,
            discrepancies: rows::number(row, "discrepancies")?,
        })
    }

    /// The amount that was paid on each day since `from_ms`. Days are those of a time zone `ahead_ms` before UTC.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn turnover_by_day(&self, from_ms: i64, ahead_ms: i64) -> Result<Vec<(i64, Fen)>, StoreError> {
        let day = format!("(a.paid_ms + {ahead_ms}) / {DAY_MS}");
        let sql = format!(
            "SELECT {day} AS day, CAST(SUM(a.total_fee) AS BIGINT) AS turnover FROM attempts a \
             WHERE a.paid_ms >= {from_ms} GROUP BY {day}"
        );
        self.select_long(sql, &[])
            .await?
            .iter()
            .map(|row| Ok((rows::number(row, "day")?, Fen(rows::number(row, "turnover")?))))
            .collect()
    }

    /// The orders whose id is `from_id` or later, counted by day, state and class of the time to payment. `ends_s` are the
    /// ends of the classes, seconds; one class is behind them.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_by_day(
        &self,
        from_id: &str,
        ahead_ms: i64,
        ends_s: &[i64],
    ) -> Result<Vec<DayOrders>, StoreError> {
        // ids begin with the time in Shanghai, so the range is one of the primary key, read once
        let classes: String = ends_s
            .iter()
            .enumerate()
            .map(|(class, end)| format!("WHEN o.paid_ms - o.created_ms < {} THEN {class} ", end * 1000))
            .collect();
        let class = format!("CASE WHEN o.paid_ms IS NULL THEN -1 {classes}ELSE {} END", ends_s.len());
        let day = format!("(o.created_ms + {ahead_ms}) / {DAY_MS}");
        let sql = format!(
            "SELECT {day} AS day, o.state AS state, CAST({class} AS BIGINT) AS class, CAST(COUNT(*) AS BIGINT) AS orders \
             FROM orders o WHERE o.id >= $1 GROUP BY {day}, o.state, {class}"
        );
        self.select_long(sql, &[from_id])
            .await?
            .iter()
            .map(|row| {
                Ok(DayOrders {
                    day: rows::number(row, "day")?,
                    state: rows::text(row, "state")?,
                    class: usize::try_from(rows::number(row, "class")?).ok(),
                    orders: rows::number(row, "orders")?,
                })
            })
            .collect()
    }
}
