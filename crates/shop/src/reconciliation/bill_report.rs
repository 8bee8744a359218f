use model::{Fen, discrepancy::DiscrepancyKind, record::DiscrepancyRecord};
use store::BillRecord;
use wechat::bill::BillDate;

/// The sums of this shop's rows in the bill of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BillSums {
    /// The number of payments of this shop.
    pub payments: i64,
    /// Their amount (订单金额), fen.
    pub order_fee: Fen,
    /// The number of refunds of this shop.
    pub refunds: i64,
    /// Their amount (申请退款金额), fen.
    pub refund_fee: Fen,
}

/// The comparison of a day's bill with the books.
#[derive(Clone, Debug)]
pub struct BillReport {
    /// The day, in Shanghai.
    pub day: BillDate,
    /// The sums of this shop's rows.
    pub sums: BillSums,
    /// The `out_trade_no`s of other systems with the same merchant number. The shop does not compare them.
    pub foreign: Vec<String>,
    /// The discrepancies: kind, number, detail, and resolution. The resolution is empty unless a query resolved it at
    /// once.
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

    /// The discrepancies as records. A repeated comparison of the day creates the same ids.
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
    /// The comparison as a record.
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
