use model::{Fen, discrepancy::DiscrepancyKind, record::DiscrepancyRecord};
use store::BillRecord;
use wechat::bill::BillDate;

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
    pub discrepancies: Vec<(DiscrepancyKind, String, String, String)>,
}

impl BillReport {
    pub(super) const fn new(day: BillDate) -> Self {
        let sums = BillSums { payments: 0, order_fee: Fen::ZERO, refunds: 0, refund_fee: Fen::ZERO };
        Self { day, sums, foreign: Vec::new(), discrepancies: Vec::new() }
    }

    pub(super) fn add_discrepancy(
        &mut self,
        kind: DiscrepancyKind,
        number: &str,
        detail: String,
        resolution: &str,
    ) {
        self.discrepancies.push((kind, number.to_owned(), detail, resolution.to_owned()));
    }

    /// The discrepancies as rows of the books: the same line of the same day is one.
    pub(super) fn rows(&self, now_ms: i64) -> Vec<DiscrepancyRecord> {
        self.discrepancies
            .iter()
            .map(|(kind, number, detail, resolution)| DiscrepancyRecord {
                id: format!("{kind}:{}:{number}", self.day),
                kind: *kind,
                out_trade_no: number.clone(),
                at_ms: now_ms,
                detail: detail.clone(),
                payload: Vec::new(),
                resolution: resolution.clone(),
            })
            .collect()
    }
}

impl BillReport {
    /// The record of the comparison.
    pub(super) fn record(&self, now_ms: i64) -> BillRecord {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        BillRecord {
            day: self.day.to_string(),
            compared_ms: now_ms,
            payments: self.sums.payments,
            order_fee: self.sums.order_fee.0,
            refunds: self.sums.refunds,
            refund_fee: self.sums.refund_fee.0,
            foreign_rows: count(self.foreign.len()),
            discrepancies: count(self.discrepancies.len()),
        }
    }
}
