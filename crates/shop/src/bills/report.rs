use model::Fen;
use wechat::bill::BillDate;

use crate::{Store, StoreError, store::rows::DifferenceRow};

/// What a day's bill says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BillSums {
    /// Payments of this shop.
    pub payments: i64,
    /// What they came to (订单金额).
    pub order_fee: Fen,
    /// Refunds of this shop.
    pub refunds: i64,
    /// What was asked to be given back (申请退款金额).
    pub refund_fee: Fen,
}

/// What came of comparing a day's bill with the books.
#[derive(Clone, Debug)]
pub struct BillReport {
    /// The day, in Shanghai.
    pub day: BillDate,
    /// The bill's lines of this shop.
    pub sums: BillSums,
    /// The `out_trade_no`s of other systems on the same merchant number: listed, never touched.
    pub foreign: Vec<String>,
    /// What did not fit: kind, number, detail, and what was done about it at once.
    pub differences: Vec<(&'static str, String, String, String)>,
}

impl BillReport {
    pub(super) const fn new(day: BillDate) -> Self {
        let sums = BillSums { payments: 0, order_fee: Fen::ZERO, refunds: 0, refund_fee: Fen::ZERO };
        Self { day, sums, foreign: Vec::new(), differences: Vec::new() }
    }

    pub(super) fn differ(&mut self, kind: &'static str, number: &str, detail: String, resolution: &str) {
        self.differences.push((kind, number.to_owned(), detail, resolution.to_owned()));
    }

    /// The differences as rows of the books: the same line of the same day is one.
    pub(super) fn rows(&self, now_ms: i64) -> Vec<DifferenceRow> {
        self.differences
            .iter()
            .map(|(kind, number, detail, resolution)| DifferenceRow {
                id: format!("{kind}:{}:{number}", self.day),
                kind,
                out_trade_no: number.clone(),
                at_ms: now_ms,
                detail: detail.clone(),
                payload: Vec::new(),
                resolution: resolution.clone(),
            })
            .collect()
    }
}

impl Store {
    /// Writes down that a day was compared; again replaces what was written.
    pub(super) async fn keep_bill(&self, report: &BillReport, now_ms: i64) -> Result<(), StoreError> {
        let (day, sums) = (report.day.to_string(), report.sums);
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (foreign, differences) = (count(report.foreign.len()), count(report.differences.len()));
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "INSERT INTO bills (day, compared_ms, payments, order_fee, refunds, refund_fee, \
                               foreign_rows, differences) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (day) \
                               DO UPDATE SET compared_ms = excluded.compared_ms, payments = excluded.payments, \
                               order_fee = excluded.order_fee, refunds = excluded.refunds, \
                               refund_fee = excluded.refund_fee, foreign_rows = excluded.foreign_rows, \
                               differences = excluded.differences";
                    sqlx::query(sql)
                        .bind(day)
                        .bind(now_ms)
                        .bind(sums.payments)
                        .bind(sums.order_fee.0)
                        .bind(sums.refunds)
                        .bind(sums.refund_fee.0)
                        .bind(foreign)
                        .bind(differences)
                        .execute(connection)
                        .await
                        .map(drop)
                        .map_err(StoreError::during("writing a bill"))
                })
            })
            .await
    }

    /// Whether a day was compared already.
    pub(crate) async fn has_bill(&self, day: &str) -> Result<bool, StoreError> {
        let rows = self.select("SELECT day FROM bills WHERE day = $1".to_owned(), &[day]).await?;
        Ok(!rows.is_empty())
    }
}
