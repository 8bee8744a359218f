use model::record::AuditRecord;
use sqlx::any::AnyRow;

use super::column::{text, value};
use crate::StoreError;

/// The columns of `audit`, as [`audit`] reads them.
pub(crate) const AUDIT: &str = "id, at_ms, who, what, detail";

pub(crate) fn audit(row: &AnyRow) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        id: text(row, "id")?,
        at_ms: value(row, "at_ms")?,
        who: text(row, "who")?,
        what: text(row, "what")?,
        detail: text(row, "detail")?,
    })
}
