use model::record::AuditRecord;

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The columns of `audit`, as [`audit`] reads them.
pub(crate) const AUDIT: &str = "id, at_ms, who, what, detail";

pub(crate) fn audit(row: &Row) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        id: text(row, "id")?,
        at_ms: number(row, "at_ms")?,
        who: text(row, "who")?,
        what: text(row, "what")?,
        detail: text(row, "detail")?,
    })
}
