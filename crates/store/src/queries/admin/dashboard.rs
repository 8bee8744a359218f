//! The sums of the dashboard.

use model::{
    Fen,
    admin::{BestSeller, OrderView, ToDo, ViewCounts},
    order::OrderKind,
    refund::RefundState,
};

use super::{
    super::complaints::OPEN,
    attention::{Overdue, conditions_of, to_collect, to_send, unreported},
    figures::PAID_THE_ORDER,
};
use crate::{Store, StoreError, driver::Row, queries::after_sales::WAITING, rows};

/// A day, ms.
const DAY_MS: i64 = 86_400_000;

/// The number of orders of one day with the same state and the same class of the time between order and payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOrders {
    /// The day as a number of days since 1970, in the time zone of the query.
    pub day: i64,
    /// The word of the state.
    pub state: String,
    /// The index of the class; `None` for unpaid orders.
    pub class: Option<usize>,
    /// The number of orders.
    pub orders: i64,
}

/// The money of the orders of one kind on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMoney {
    /// The day as a number of days since 1970, in the time zone of the query.
    pub day: i64,
    /// The kind.
    pub kind: OrderKind,
    /// What was paid, with surplus payments.
    pub paid: Fen,
    /// The number of orders that were paid, without surplus payments.
    pub orders: i64,
    /// The refunds that the shop created on this day and that have succeeded.
    pub refunded: Fen,
}

impl Store {
    /// The numbers of things that wait for staff.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn to_do(&self, overdue: Overdue) -> Result<ToDo, StoreError> {
        let sql = format!(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE {}) AS to_ship, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE {}) AS to_collect, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM after_sales WHERE {WAITING}) AS after_sales, \
             (SELECT CAST(COALESCE(MIN(due_ms), 0) AS BIGINT) FROM after_sales WHERE {WAITING}) AS after_sales_due, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM refunds WHERE {}) AS refunds, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM differences WHERE resolution = '') AS discrepancies, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM complaints WHERE {OPEN}) AS complaints, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE {}) AS to_report",
            to_send(),
            to_collect(),
            overdue.stuck_refunds(),
            unreported(overdue.not_reported_before_ms)
        );
        let rows = self.select_long(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(ToDo::default()) };
        Ok(ToDo {
            to_ship: rows::number(row, "to_ship")?,
            to_collect: rows::number(row, "to_collect")?,
            after_sales: rows::number(row, "after_sales")?,
            after_sales_due_ms: Some(rows::number(row, "after_sales_due")?).filter(|due_ms| *due_ms > 0),
            refunds: rows::number(row, "refunds")?,
            discrepancies: rows::number(row, "discrepancies")?,
            to_report: rows::number(row, "to_report")?,
            complaints: rows::number(row, "complaints")?,
        })
    }

    /// The number of orders in each list of the console. Each count stops at [`ViewCounts::MAX_COUNT`] and one, so a
    /// long list costs no more than a short one.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn view_counts(&self, overdue: Overdue) -> Result<ViewCounts, StoreError> {
        let limit = ViewCounts::MAX_COUNT + 1;
        let count = |view: OrderView| {
            let each: Vec<String> = conditions_of(view, overdue)
                .iter()
                .enumerate()
                .map(|(at, condition)| {
                    format!("SELECT id FROM (SELECT o.id FROM orders o WHERE {condition} LIMIT {limit}) AS part_{at}")
                })
                .collect();
            format!("(SELECT CAST(COUNT(*) AS BIGINT) FROM ({}) AS {view}) AS {view}", each.join(" UNION "))
        };
        let counted = [
            OrderView::Unpaid,
            OrderView::ToShip,
            OrderView::ToCollect,
            OrderView::RefundApplication,
            OrderView::RefundStuck,
            OrderView::ToReport,
            OrderView::ToInvoice,
        ];
        let sql = format!("SELECT {}", counted.map(count).join(", "));
        let rows = self.select_long(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(ViewCounts::default()) };
        let number = |view: OrderView| rows::number(row, view.as_str());
        Ok(ViewCounts {
            unpaid: number(OrderView::Unpaid)?,
            to_ship: number(OrderView::ToShip)?,
            to_collect: number(OrderView::ToCollect)?,
            refund_applications: number(OrderView::RefundApplication)?,
            refunds_stuck: number(OrderView::RefundStuck)?,
            to_report: number(OrderView::ToReport)?,
            to_invoice: number(OrderView::ToInvoice)?,
        })
    }

    /// What was paid and refunded on each day since `from_ms`, for each kind of order. The time zone of the days is
    /// `ahead_ms` ahead of UTC.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn money_by_day(&self, from_ms: i64, ahead_ms: i64) -> Result<Vec<DayMoney>, StoreError> {
        let (paid, refunded) = (
            format!("(a.paid_ms + {ahead_ms}) / {DAY_MS}"),
            format!("(r.created_ms + {ahead_ms}) / {DAY_MS}"),
        );
        let sql = format!(
            "SELECT {paid} AS day, o.kind AS kind, CAST(SUM(a.total_fee) AS BIGINT) AS paid, CAST(0 AS BIGINT) AS refunded, \
             CAST(SUM(CASE WHEN {PAID_THE_ORDER} THEN 1 ELSE 0 END) AS BIGINT) AS orders \
             FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.paid_ms >= {from_ms} GROUP BY {paid}, o.kind \
             UNION ALL SELECT {refunded}, o.kind, CAST(0 AS BIGINT), CAST(SUM(r.refund_fee) AS BIGINT), CAST(0 AS BIGINT) FROM refunds r \
             JOIN orders o ON o.id = r.order_id WHERE r.created_ms >= {from_ms} AND r.state = '{}' \
             GROUP BY {refunded}, o.kind",
            RefundState::Success
        );
        let read = |row: &Row| {
            Ok(DayMoney {
                day: rows::number(row, "day")?,
                kind: rows::text(row, "kind")?,
                paid: Fen(rows::number(row, "paid")?),
                refunded: Fen(rows::number(row, "refunded")?),
                orders: rows::number(row, "orders")?,
            })
        };
        self.select_long(sql, &[]).await?.iter().map(read).collect()
    }

    /// The products of which the most pieces are in orders that were paid since `from_ms`, the best first. It counts as
    /// [`Store::figures`]: refunds do not change it.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn best_sellers(&self, from_ms: i64, limit: u32) -> Result<Vec<BestSeller>, StoreError> {
        let sql = format!(
            "SELECT p.id AS id, p.name AS name, p.picture AS picture, CAST(SUM(i.quantity) AS BIGINT) AS pieces \
             FROM attempts a JOIN orders o ON o.id = a.order_id JOIN order_items i ON i.order_id = o.id \
             JOIN skus s ON s.id = i.sku JOIN products p ON p.id = s.product_id \
             WHERE a.paid_ms >= {from_ms} AND o.kind = '{}' AND {PAID_THE_ORDER} \
             GROUP BY p.id, p.name, p.picture ORDER BY pieces DESC, p.id LIMIT {limit}",
            OrderKind::Goods
        );
        let read = |row: &Row| {
            Ok(BestSeller {
                product: rows::text(row, "id")?,
                name: rows::text(row, "name")?,
                picture: rows::text(row, "picture")?,
                pieces: rows::number(row, "pieces")?,
            })
        };
        self.select_long(sql, &[]).await?.iter().map(read).collect()
    }

    /// The number of orders of goods from `from_id` on, by day, state and class of the time between order and payment.
    /// `ends_s` has the upper limits of the classes, seconds; one more class, without a limit, follows.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn orders_by_day(
        &self,
        from_id: &str,
        ahead_ms: i64,
        ends_s: &[i64],
    ) -> Result<Vec<DayOrders>, StoreError> {
        // ids begin with the time in Shanghai, so the range uses the primary key
        let classes: String = ends_s
            .iter()
            .enumerate()
            .map(|(class, end)| format!("WHEN o.paid_ms - o.created_ms < {} THEN {class} ", end * 1000))
            .collect();
        let class = format!("CASE WHEN o.paid_ms IS NULL THEN -1 {classes}ELSE {} END", ends_s.len());
        let day = format!("(o.created_ms + {ahead_ms}) / {DAY_MS}");
        let sql = format!(
            "SELECT {day} AS day, o.state AS state, CAST({class} AS BIGINT) AS class, CAST(COUNT(*) AS BIGINT) AS orders \
             FROM orders o WHERE o.id >= $1 AND o.kind = '{}' GROUP BY {day}, o.state, {class}",
            OrderKind::Goods
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
