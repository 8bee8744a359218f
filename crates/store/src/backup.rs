use std::io::ErrorKind;

use crate::{Dialect, Store, StoreError, files};

impl Store {
    /// Writes a copy of the database, as it is at one moment, while the shop goes on. Only its owner may read it; secrets are
    /// encrypted in it as they are in the database.
    ///
    /// # Errors
    /// If the file exists already or cannot be written, and on PostgreSQL: use `pg_dump` there.
    pub async fn back_up(&self, file: &str) -> Result<(), StoreError> {
        if self.dialect == Dialect::Postgres {
            return Err(StoreError::configuration("a PostgreSQL database is backed up with pg_dump"));
        }
        // SQLite takes an empty file, and leaves its rights as they are
        files::make_private(file).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                StoreError::configuration("the file of the backup is there already: name another one")
            }
            _ => StoreError::new("writing a backup", error),
        })?;
        // SQLite takes the name as an expression only; quotes are doubled
        let sql = format!("VACUUM INTO '{}'", file.replace('\'', "''"));
        self.readers
            .fetch_long(sql, Vec::new())
            .await
            .map(drop)
            .map_err(StoreError::during("writing a backup"))
    }
}
