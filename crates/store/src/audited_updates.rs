//! Changes of the catalogue and of the staff: a few statements that must each change exactly one row, and a record of the
//! audit, in one transaction.

use model::record::AuditRecord;
use sqlx::Connection;

use crate::{
    Store, StoreError,
    bulk::{self, Value, text},
    rows::AUDIT,
};

/// A statement that must change exactly one row. The modules of `queries` make them.
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
    /// Applies all updates and records the audit, or nothing. Answers whether each update found its row.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn apply_audited(
        &self,
        doing: &'static str,
        updates: Vec<Update>,
        audit: AuditRecord,
    ) -> Result<bool, StoreError> {
        let begin = self.dialect.begin();
        self.exclusive(move |connection| {
            Box::pin(async move {
                let mut transaction =
                    connection.begin_with(begin).await.map_err(StoreError::during(doing))?;
                for update in updates {
                    let query = update.values.into_iter().fold(sqlx::query(update.sql), bulk::bind);
                    let done = query.execute(&mut *transaction).await.map_err(StoreError::during(doing))?;
                    if done.rows_affected() != 1 {
                        transaction.rollback().await.map_err(StoreError::during(doing))?;
                        return Ok(false);
                    }
                }
                let row = vec![[
                    text(&audit.id),
                    Value::Number(audit.at_ms),
                    text(&audit.who),
                    text(audit.what),
                    text(&audit.detail),
                ]];
                let head = format!("INSERT INTO audit ({AUDIT})");
                bulk::insert(&mut transaction, doing, &head, row, "").await?;
                transaction.commit().await.map_err(StoreError::during(doing))?;
                Ok(true)
            })
        })
        .await
    }

    /// Applies one update without an audit. Answers whether it found its row.
    pub(crate) async fn change_one(&self, doing: &'static str, update: Update) -> Result<bool, StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move {
                let query = update.values.into_iter().fold(sqlx::query(update.sql), bulk::bind);
                let done = query.execute(connection).await.map_err(StoreError::during(doing))?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
    }
}
