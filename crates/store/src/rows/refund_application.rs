use model::record::RefundApplicationRecord;

use super::column::{number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `refund_requests`, as [`refund_application`] reads them.
pub(crate) const REFUND_APPLICATION: &str =
    "order_id, state, reason, asked_ms, answer, who, answered_ms, out_refund_no";

pub(crate) fn refund_application(row: &Row) -> Result<RefundApplicationRecord, StoreError> {
    Ok(RefundApplicationRecord {
        order_id: text(row, "order_id")?,
        state: text(row, "state")?,
        reason: text(row, "reason")?,
        asked_ms: number(row, "asked_ms")?,
        answer: text(row, "answer")?,
        who: text(row, "who")?,
        answered_ms: number_or_null(row, "answered_ms")?,
        out_refund_no: text(row, "out_refund_no")?,
    })
}
