//! Who did what, for the owner.

use crate::{Right, Shop, ShopError, Staff, Store, StoreError, store::rows::AuditRow};

/// Rows on a page of the audit.
pub const AUDIT_PAGE: usize = 100;

impl Shop {
    /// What was done, newest first, behind `before` (its time and number) where it is given; and whether there is more.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn console_audit(
        &self,
        staff: &Staff,
        before: Option<(i64, &str)>,
    ) -> Result<(Vec<AuditRow>, bool), ShopError> {
        staff.check(Right::Staff)?;
        let mut rows = self.store().audit_page(before, AUDIT_PAGE + 1).await?;
        let more = rows.len() > AUDIT_PAGE;
        rows.truncate(AUDIT_PAGE);
        Ok((rows, more))
    }
}

impl Store {
    async fn audit_page(
        &self,
        before: Option<(i64, &str)>,
        page: usize,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let (at_ms, id) = before.unwrap_or((i64::MAX, ""));
        let sql = format!(
            "SELECT id, at_ms, who, what, detail FROM audit WHERE at_ms <= {at_ms} AND (at_ms < {at_ms} OR id < $1) \
             ORDER BY at_ms DESC, id DESC LIMIT {page}"
        );
        self.select(sql, &[id]).await?.iter().map(crate::store::rows::audit).collect()
    }
}
