//! The connections to SQLite (rusqlite) and to PostgreSQL (sqlx), behind the same functions. Both run the same
//! statements. No type of a driver leaves this folder, except those of sqlx's migrations.

mod pool;
mod postgres;
mod row;
mod sqlite;
mod value;

use std::time::Duration;

use sqlx::{
    Connection as _, PgConnection,
    migrate::{MigrateError, Migrator},
};

pub(crate) use self::{
    pool::Pool,
    row::Row,
    value::{Value, text, text_or_null},
};
use crate::{Dialect, StoreError, files};

/// The time limit for a connection to PostgreSQL.
const CONNECTING: Duration = Duration::from_secs(10);

/// One connection. After a failed statement inside a transaction, drop the connection and do not use it again.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(Box<PgConnection>),
}

impl Connection {
    /// Opens and configures a connection. If `create_if_missing` is `false`, a missing SQLite file is an error.
    pub(crate) async fn open(url: &str, create_if_missing: bool) -> Result<Self, StoreError> {
        const CONTEXT: &str = "opening it";
        let dialect = Dialect::of(url)?;
        if dialect == Dialect::Sqlite {
            return sqlite(url, create_if_missing).map(Self::Sqlite);
        }
        let connecting = tokio::time::timeout(CONNECTING, PgConnection::connect(url)).await;
        let connection =
            connecting.map_err(StoreError::during(CONTEXT))?.map_err(StoreError::during(CONTEXT))?;
        let mut connection = Self::Postgres(Box::new(connection));
        for setting in dialect.settings() {
            connection.run(CONTEXT, setting).await?;
        }
        Ok(connection)
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement and reads its rows. `sql` is our own text; text from outside is a value.
    pub(crate) async fn fetch(
        &mut self,
        context: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(connection) => connection.fetch(sql, &values).map_err(StoreError::during(context)),
            Self::Postgres(connection) => {
                postgres::fetch(connection, sql, values).await.map_err(StoreError::during(context))
            }
        }
    }

    /// Runs a statement and reads its first row. No row is an error.
    pub(crate) async fn fetch_one(
        &mut self,
        context: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Row, StoreError> {
        let row = self.fetch(context, sql, values).await?.into_iter().next();
        row.ok_or_else(|| StoreError::new(context, "the statement returned no row"))
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        context: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => connection.execute(sql, &values).map_err(StoreError::during(context)),
            Self::Postgres(connection) => {
                postgres::execute(connection, sql, values).await.map_err(StoreError::during(context))
            }
        }
    }

    /// Runs statements that have no values and return no rows.
    pub(crate) async fn run(&mut self, context: &'static str, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.run(sql).map_err(StoreError::during(context)),
            Self::Postgres(connection) => {
                postgres::run(connection, sql).await.map_err(StoreError::during(context))
            }
        }
    }

    /// Whether the database server still answers on this connection. SQLite has no server.
    pub(crate) async fn answers(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(connection) => connection.ping().await.is_ok(),
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&mut self, context: &'static str) -> Result<(), StoreError> {
        self.run(context, self.dialect().begin()).await
    }

    pub(crate) async fn commit(&mut self, context: &'static str) -> Result<(), StoreError> {
        self.run(context, "COMMIT").await
    }

    pub(crate) async fn roll_back(&mut self, context: &'static str) -> Result<(), StoreError> {
        self.run(context, "ROLLBACK").await
    }

    /// Applies the migrations that the database does not have yet.
    pub(crate) async fn migrate(&mut self, migrator: &Migrator) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(connection) => migrator.run_direct(None, connection, false).await,
            Self::Postgres(connection) => migrator.run_direct(None, &mut **connection, false).await,
        }
    }
}

fn sqlite(url: &str, create_if_missing: bool) -> Result<sqlite::Connection, StoreError> {
    const CONTEXT: &str = "opening it";
    let connection = sqlite::Connection::open(&files::of_url(url)?, create_if_missing)
        .map_err(StoreError::during(CONTEXT))?;
    for setting in Dialect::Sqlite.settings() {
        connection.run(setting).map_err(StoreError::during(CONTEXT))?;
    }
    Ok(connection)
}
