//! Reads the audit log: what staff and programs did.

use model::{admin::SignInAlert, audit::AuditAction, record::AuditRecord};

use crate::{
    Store, StoreError,
    rows::{self, AUDIT},
};

impl Store {
    /// A page of the audit log, newest first: at most `limit`. It begins after `before`, the time and the id of a
    /// record.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn audit_page(
        &self,
        before: Option<(i64, &str)>,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let (at_ms, id) = before.unwrap_or((i64::MAX, ""));
        let sql = format!(
            "SELECT {AUDIT} FROM audit WHERE at_ms <= {at_ms} AND (at_ms < {at_ms} OR id < $1) \
             ORDER BY at_ms DESC, id DESC LIMIT {limit}"
        );
        self.select_long(sql, &[id]).await?.iter().map(rows::audit).collect()
    }

    /// The names with refused sign-ins since `since_ms`: at least `failures` of them, or more than two whose detail
    /// contains `wrong_code`. The names with the most failures come first: at most `limit`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn refused_sign_ins(
        &self,
        since_ms: i64,
        failures: i64,
        wrong_code: &str,
        limit: usize,
    ) -> Result<Vec<SignInAlert>, StoreError> {
        let refused = AuditAction::SignInRefused;
        let sql = format!(
            "SELECT who, failures, wrong_codes, last_ms FROM (SELECT who, CAST(COUNT(*) AS BIGINT) AS failures, \
             CAST(SUM(CASE WHEN detail LIKE $1 THEN 1 ELSE 0 END) AS BIGINT) AS wrong_codes, MAX(at_ms) AS last_ms \
             FROM audit WHERE at_ms > {since_ms} AND what = '{refused}' GROUP BY who) AS refused \
             WHERE failures >= {failures} OR wrong_codes > 2 ORDER BY failures DESC LIMIT {limit}"
        );
        let pattern = format!("%{wrong_code}%");
        self.select(sql, &[&pattern])
            .await?
            .iter()
            .map(|row| {
                Ok(SignInAlert {
                    name: rows::text(row, "who")?,
                    failures: rows::number(row, "failures")?,
                    wrong_codes: rows::number(row, "wrong_codes")?,
                    last_ms: rows::number(row, "last_ms")?,
                })
            })
            .collect()
    }
}
