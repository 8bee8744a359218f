use model::record::PushRecord;

use super::column::{number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `pushes`, as [`push`] reads them.
pub(crate) const PUSH: &str = "id, account, received_ms, content, handled_ms, outcome";

pub(crate) fn push(row: &Row) -> Result<PushRecord, StoreError> {
    Ok(PushRecord {
        id: text(row, "id")?,
        account: text(row, "account")?,
        received_ms: number(row, "received_ms")?,
        content: text(row, "content")?,
        handled_ms: number_or_null(row, "handled_ms")?,
        outcome: text(row, "outcome")?,
    })
}
