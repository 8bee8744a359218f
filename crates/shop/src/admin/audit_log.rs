//! The audit log in the console: what staff and programs did. Only owners may read it.

use model::record::AuditRecord;

use crate::{Admin, Right, ShopError, Staff};

/// The number of records on a page of the audit log.
pub const AUDIT_PAGE: usize = 100;

impl Admin {
    /// A page of the audit log, newest first, and whether older records follow. The page begins after `before`, the
    /// time and the id of a record.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn audit_log(
        &self,
        staff: &Staff,
        before: Option<(i64, &str)>,
    ) -> Result<(Vec<AuditRecord>, bool), ShopError> {
        staff.check(Right::Staff)?;
        let mut records = self.store.audit_page(before, AUDIT_PAGE + 1).await?;
        let more = records.len() > AUDIT_PAGE;
        records.truncate(AUDIT_PAGE);
        Ok((records, more))
    }
}
