use sqlx::AssertSqlSafe;

use super::{Dialect, Store, StoreError};

impl Store {
    /// Writes a copy of the database, as it is at one moment, while the shop goes on.
    ///
    /// # Errors
    /// Where the file is there already or cannot be written, and on PostgreSQL, whose own `pg_dump` does this.
    pub async fn back_up(&self, file: &str) -> Result<(), StoreError> {
        if self.dialect == Dialect::Postgres {
            return Err(StoreError::configuration("a PostgreSQL database is backed up with pg_dump"));
        }
        if std::path::Path::new(file).exists() {
            return Err(StoreError::configuration(
                "the file of the backup is there already: name another one",
            ));
        }
        // SQLite takes the name as an expression only; quotes are doubled
        let sql = format!("VACUUM INTO '{}'", file.replace('\'', "''"));
        sqlx::query(AssertSqlSafe(sql))
            .execute(&self.readers)
            .await
            .map(drop)
            .map_err(StoreError::during("writing a backup"))
    }
}
