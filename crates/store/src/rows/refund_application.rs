use model::record::RefundApplicationRecord;
use sqlx::any::AnyRow;

use super::column::{text, value};
use crate::StoreError;

/// The columns of `refund_requests`, as [`refund_application`] reads them.
pub(crate) const REFUND_APPLICATION: &str =
    "order_id, state, reason, asked_ms, answer, who, answered_ms, out_refund_no";

pub(crate) fn refund_application(row: &AnyRow) -> Result<RefundApplicationRecord, StoreError> {
    Ok(RefundApplicationRecord {
        order_id: text(row, "order_id")?,
        state: text(row, "state")?,
        reason: text(row, "reason")?,
        asked_ms: value(row, "asked_ms")?,
        answer: text(row, "answer")?,
        who: text(row, "who")?,
        answered_ms: value(row, "answered_ms")?,
        out_refund_no: text(row, "out_refund_no")?,
    })
}
