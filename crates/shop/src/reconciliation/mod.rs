//! Comparing the books with WeChat: the bill of each day, both ways; everything open at once; and the discrepancies.

mod bill_report;
mod compare_payments;
mod compare_refunds;
mod discrepancies;
mod download_bill;
mod reconcile;

pub(crate) use self::discrepancies::{REFUNDS_UNKNOWN, RecordDiscrepancies};
pub use self::{
    bill_report::{BillReport, BillSums},
    discrepancies::resolution_of,
    reconcile::Reconciled,
};
