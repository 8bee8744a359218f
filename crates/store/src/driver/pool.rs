//! The connections for reading. The writer has its own connection (`unit_of_work/writer.rs`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, PgPool, postgres::PgPoolOptions};

use super::{Row, Value, postgres, sqlite};
use crate::{Dialect, StoreError};

/// The maximum number of open connections to PostgreSQL, and of idle connections to SQLite.
const CONNECTIONS: u32 = 8;

/// A PostgreSQL connection that was idle for this long is tested before its use: the database server may have
/// restarted.
const TEST_AFTER: Duration = Duration::from_secs(1);

const CONTEXT: &str = "reading";

/// Several connections for reading. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(Arc<Files>),
    Postgres(PgPool),
}

/// Connections to a SQLite file.
#[derive(Debug)]
pub(crate) struct Files {
    url: String,
    idle: Mutex<Vec<sqlite::Connection>>,
}

impl Pool {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        const CONTEXT: &str = "opening it";
        let dialect = Dialect::of(url)?;
        if dialect == Dialect::Sqlite {
            return Ok(Self::Sqlite(Arc::new(Files { url: url.to_owned(), idle: Mutex::default() })));
        }
        let pool = options(dialect, Duration::from_secs(10)).connect(url).await;
        pool.map(Self::Postgres).map_err(StoreError::during(CONTEXT))
    }

    /// Creates a pool for PostgreSQL that connects at the first use, because the database server may be down now.
    pub(crate) fn lazy(url: &str) -> Result<Self, StoreError> {
        let pool = options(Dialect::Postgres, Duration::from_secs(1)).connect_lazy(url);
        pool.map(Self::Postgres).map_err(StoreError::during("opening it"))
    }

    /// Reads rows. SQLite reads on the caller's thread: most statements take less time than a switch to another thread.
    pub(crate) async fn fetch(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(files) => files.fetch(sql, &values),
            Self::Postgres(pool) => {
                let mut tries = 0..CONNECTIONS;
                loop {
                    let mut connection = pool.acquire().await.map_err(StoreError::during(CONTEXT))?;
                    match postgres::fetch(&mut connection, sql, values.clone()).await {
                        // the database server ended the idle connection: the pool drops it, and the loop takes another
                        // one
                        Err(error) if postgres::is_lost(&error) && tries.next().is_some() => {}
                        read => return read.map_err(StoreError::during(CONTEXT)),
                    }
                }
            }
        }
    }

    /// Reads rows with a statement that may take long. SQLite reads on a thread for blocking work, so that other
    /// requests continue.
    pub(crate) async fn fetch_long(&self, sql: String, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(files) => {
                let files = Arc::clone(files);
                let read = tokio::task::spawn_blocking(move || files.fetch(&sql, &values));
                read.await.map_err(StoreError::during(CONTEXT))?
            }
            Self::Postgres(_) => self.fetch(&sql, values).await,
        }
    }
}

fn options(dialect: Dialect, acquire_within: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(acquire_within)
        // a test before each read would double the round trips of a page
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TEST_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                for setting in dialect.settings() {
                    postgres::run(connection, setting).await?;
                }
                Ok(())
            })
        })
}

impl Files {
    fn fetch(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let taken = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match taken {
            Some(connection) => connection,
            None => super::sqlite(&self.url, false)?,
        };
        let rows = connection.fetch(sql, values).map_err(StoreError::during(CONTEXT))?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < CONNECTIONS as usize {
            idle.push(connection);
        }
        Ok(rows)
    }
}
