use std::io::ErrorKind;

use crate::{Dialect, Store, StoreError, files};

impl Store {
    /// Writes a consistent copy of a SQLite database while the shop runs. Only the owner of the file may read it.
    /// Secrets stay encrypted, as in the database.
    ///
    /// # Errors
    /// [`StoreError`] if the file exists or cannot be written, or the database is PostgreSQL: use `pg_dump` there.
    pub async fn back_up(&self, file: &str) -> Result<(), StoreError> {
        if self.dialect == Dialect::Postgres {
            return Err(StoreError::configuration("a PostgreSQL database is backed up with pg_dump"));
        }
        // SQLite writes into an empty file and keeps its rights
        files::make_private(file).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                StoreError::configuration("the file of the backup is there already: name another one")
            }
            _ => StoreError::new("writing a backup", error),
        })?;
        // the name is part of the statement, so quotes are doubled
        let sql = format!("VACUUM INTO '{}'", file.replace('\'', "''"));
        self.readers
            .fetch_long(sql, Vec::new())
            .await
            .map(drop)
            .map_err(StoreError::during("writing a backup"))
    }
}
