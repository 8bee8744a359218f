//! Changes that are no order's: what is sold, who works here. Each is a few statements that must all find their row,
//! and a row of the audit, in one transaction of the one writer.

use sqlx::Connection;

use super::{
    Store, StoreError,
    bulk::{self, Value},
    rows::AuditRow,
};

/// A statement that touches exactly one row, or else nothing is done.
pub(crate) struct Edit {
    sql: &'static str,
    values: Vec<Value>,
}

impl Edit {
    pub(crate) fn new(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql, values: values.into_iter().collect() }
    }
}

impl Store {
    /// Does all of it and writes the audit, or nothing. Says whether every statement found its row.
    pub(crate) async fn edit(
        &self,
        doing: &'static str,
        edits: Vec<Edit>,
        audit: AuditRow,
    ) -> Result<bool, StoreError> {
        let begin = self.dialect.begin();
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let mut transaction =
                        connection.begin_with(begin).await.map_err(StoreError::during(doing))?;
                    for edit in edits {
                        let query = edit.values.into_iter().fold(sqlx::query(edit.sql), bulk::bind);
                        let done =
                            query.execute(&mut *transaction).await.map_err(StoreError::during(doing))?;
                        if done.rows_affected() != 1 {
                            transaction.rollback().await.map_err(StoreError::during(doing))?;
                            return Ok(false);
                        }
                    }
                    let row = vec![[
                        bulk::text(&audit.id),
                        Value::Number(audit.at_ms),
                        bulk::text(&audit.who),
                        bulk::text(&audit.what),
                        bulk::text(&audit.detail),
                    ]];
                    let head = "INSERT INTO audit (id, at_ms, who, what, detail)";
                    bulk::insert(&mut transaction, doing, head, row, "").await?;
                    transaction.commit().await.map_err(StoreError::during(doing))?;
                    Ok(true)
                })
            })
            .await
    }
}
