//! A SQLite connection. Each statement runs on the caller's thread.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::{BoxFuture, FutureExt};
use rusqlite::{CachedStatement, OpenFlags, ToSql, types::ToSqlOutput, types::ValueRef};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration};

use super::{Row, Value};

/// The number of prepared statements that a connection caches. The shop has about 150 statements.
const STATEMENTS: usize = 256;

#[derive(Debug)]
pub(crate) struct Connection(rusqlite::Connection);

/// A row. All rows of a statement share the names of the columns.
#[derive(Debug)]
pub(crate) struct SqliteRow {
    columns: Arc<[Box<str>]>,
    cells: Vec<Cell>,
}

/// The value of one column.
#[derive(Debug)]
pub(crate) enum Cell {
    Null,
    Number(i64),
    Text(Box<str>),
    Bytes(Vec<u8>),
}

impl SqliteRow {
    pub(crate) fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.get(self.columns.iter().position(|name| **name == *column)?)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|name| &**name)
    }
}

impl Connection {
    /// Opens a file. If `create_if_missing` is `false`, a missing file is an error.
    pub(crate) fn open(file: &Path, create_if_missing: bool) -> rusqlite::Result<Self> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if create_if_missing {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = rusqlite::Connection::open_with_flags(file, flags)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self(connection))
    }

    pub(crate) fn fetch(&self, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.bound(sql, values)?;
        let width = statement.column_count();
        let mut columns: Option<Arc<[Box<str>]>> = None;
        let mut read = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let names = || row.as_ref().column_names().into_iter().map(Box::from).collect();
            let columns = Arc::clone(columns.get_or_insert_with(names));
            let cells = (0..width).map(|at| cell(row.get_ref(at)?)).collect::<rusqlite::Result<_>>()?;
            read.push(Row::Sqlite(SqliteRow { columns, cells }));
        }
        Ok(read)
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> rusqlite::Result<u64> {
        self.bound(sql, values)?.raw_execute().map(|rows| rows as u64)
    }

    /// Runs statements that take no values.
    pub(crate) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.0.execute_batch(sql)
    }

    fn bound(&self, sql: &str, values: &[Value]) -> rusqlite::Result<CachedStatement<'_>> {
        let mut statement = self.0.prepare_cached(sql)?;
        for place in 1..=statement.parameter_count() {
            // for SQLite `$3` is only a name: it numbers placeholders by their position in the text
            let number = statement.parameter_name(place).and_then(|name| name[1..].parse().ok());
            let at = number.unwrap_or(place) - 1;
            let value = values.get(at).ok_or(rusqlite::Error::InvalidParameterCount(values.len(), at + 1))?;
            statement.raw_bind_parameter(place, value)?;
        }
        Ok(statement)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) | Self::NumberOrNull(Some(number)) => ValueRef::Integer(*number),
            Self::Text(text) | Self::TextOrNull(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::NumberOrNull(None) | Self::TextOrNull(None) => ValueRef::Null,
        }))
    }
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Number(number),
        // the shop stores no fractions, and its sums contain none
        ValueRef::Real(_) => return Err(rusqlite::types::FromSqlError::InvalidType.into()),
        ValueRef::Text(_) => Cell::Text(value.as_str()?.into()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    })
}

/// Records migrations in the same table and format as sqlx's own SQLite driver.
impl Migrate for Connection {
    fn create_schema_if_not_exists<'e>(&'e mut self, _: &'e str) -> BoxFuture<'e, Result<(), MigrateError>> {
        let unsupported = "SQLite has no schemas inside a database".to_owned();
        async { Err(MigrateError::CreateSchemasNotSupported(unsupported)) }.boxed()
    }

    fn ensure_migrations_table<'e>(&'e mut self, table: &'e str) -> BoxFuture<'e, Result<(), MigrateError>> {
        let made = self.run(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
             checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)"
        ));
        async { made.map_err(failed) }.boxed()
    }

    fn dirty_version<'e>(&'e mut self, table: &'e str) -> BoxFuture<'e, Result<Option<i64>, MigrateError>> {
        let sql = format!("SELECT MIN(version) FROM {table} WHERE success = false");
        let version = self.0.query_row(&sql, [], |row| row.get(0));
        async { version.map_err(failed) }.boxed()
    }

    fn list_applied_migrations<'e>(
        &'e mut self,
        table: &'e str,
    ) -> BoxFuture<'e, Result<Vec<AppliedMigration>, MigrateError>> {
        let list = || {
            let mut statement =
                self.0.prepare(&format!("SELECT version, checksum FROM {table} ORDER BY version"))?;
            let rows = statement.query_map([], |row| {
                let checksum: Vec<u8> = row.get(1)?;
                Ok(AppliedMigration { version: row.get(0)?, checksum: checksum.into() })
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        let applied = list();
        async { applied.map_err(failed) }.boxed()
    }

    fn lock(&mut self) -> BoxFuture<'_, Result<(), MigrateError>> {
        async { Ok(()) }.boxed()
    }

    fn unlock(&mut self) -> BoxFuture<'_, Result<(), MigrateError>> {
        async { Ok(()) }.boxed()
    }

    fn apply<'e>(
        &'e mut self,
        table: &'e str,
        migration: &'e Migration,
    ) -> BoxFuture<'e, Result<Duration, MigrateError>> {
        let begin = Instant::now();
        let mut apply = || {
            let transaction = self.0.transaction()?;
            transaction.execute_batch(migration.sql.as_str())?;
            let sql = format!(
                "INSERT INTO {table} (version, description, success, checksum, execution_time) \
                 VALUES (?, ?, TRUE, ?, ?)"
            );
            let nanoseconds = i64::try_from(begin.elapsed().as_nanos()).unwrap_or(i64::MAX);
            let row = (migration.version, &*migration.description, &*migration.checksum, nanoseconds);
            transaction.execute(&sql, row)?;
            transaction.commit()
        };
        let applied = apply();
        let failed = |error| {
            MigrateError::ExecuteMigration(sqlx::Error::Configuration(Box::new(error)), migration.version)
        };
        async move { applied.map(|()| begin.elapsed()).map_err(failed) }.boxed()
    }

    fn revert<'e>(
        &'e mut self,
        _: &'e str,
        migration: &'e Migration,
    ) -> BoxFuture<'e, Result<Duration, MigrateError>> {
        // the migrations of the shop cannot be reverted
        async { Err(MigrateError::VersionNotPresent(migration.version)) }.boxed()
    }
}

fn failed(error: rusqlite::Error) -> MigrateError {
    MigrateError::Source(Box::new(error))
}
