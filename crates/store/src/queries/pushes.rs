//! Reads and deletes messages that WeChat pushed. Commands write them.

use model::record::PushRecord;

use crate::{
    Store, StoreError,
    driver::Value,
    rows::{PUSH, push},
};

impl Store {
    /// A pushed message; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn push(&self, id: &str) -> Result<Option<PushRecord>, StoreError> {
        let rows = self.select(format!("SELECT {PUSH} FROM pushes WHERE id = $1"), &[id]).await?;
        rows.first().map(push).transpose()
    }

    /// Deletes handled messages that arrived before this time, ms.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn delete_pushes_before(&self, before_ms: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM pushes WHERE received_ms < $1 AND handled_ms IS NOT NULL";
        self.execute("deleting old pushes", sql, vec![Value::Number(before_ms)]).await
    }
}
