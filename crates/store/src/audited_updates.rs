//! Changes with an audit row, such as those of the catalogue and the staff: all statements and the audit rows are in
//! one transaction.

use model::record::AuditRecord;

use crate::{
    Store, StoreError, bulk,
    driver::{Value, text},
    rows::AUDIT,
};

/// A statement that must change exactly one row. The modules of `queries` create them. A condition of the statement can
/// be an optimistic lock.
#[derive(Debug)]
pub struct Update {
    sql: &'static str,
    values: Vec<Value>,
}

impl Update {
    pub(crate) fn new(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql, values: values.into_iter().collect() }
    }
}

impl Store {
    /// Applies all updates and inserts the audit rows in one transaction. Returns `false`, and changes nothing, if an
    /// update does not change exactly one row.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn apply_audited(
        &self,
        context: &'static str,
        updates: Vec<Update>,
        audits: Vec<AuditRecord>,
    ) -> Result<bool, StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move {
                connection.begin(context).await?;
                for update in updates {
                    if connection.execute(context, update.sql, update.values).await? != 1 {
                        connection.roll_back(context).await?;
                        return Ok(false);
                    }
                }
                let row = |audit: AuditRecord| {
                    [
                        text(&audit.id),
                        Value::Number(audit.at_ms),
                        text(&audit.who),
                        text(audit.what),
                        text(&audit.detail),
                    ]
                };
                let head = format!("INSERT INTO audit ({AUDIT})");
                let rows = audits.into_iter().map(row).collect();
                bulk::insert(connection, context, &head, rows, "").await?;
                connection.commit(context).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Applies one update without an audit row. Returns whether it changed its row.
    pub(crate) async fn execute_one(
        &self,
        context: &'static str,
        update: Update,
    ) -> Result<bool, StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move { Ok(connection.execute(context, update.sql, update.values).await? == 1) })
        })
        .await
    }
}
