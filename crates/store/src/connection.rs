//! Opens the database: migrations, the writer and the readers. Also the functions of [`Store`] that run a statement.

use std::time::Duration;

use futures::future::BoxFuture;
use model::Shopper;
use sqlx::migrate::MigrateError;

use crate::{
    DataKeys, Dialect, Store, StoreError,
    bulk::lock_names,
    driver::{Connection, Pool, Row, Value, text},
    files, inspect, migrations, refund_requests,
    unit_of_work::Writer,
};

/// The maximum number of tries of a migration that meets transactions of another server.
const MIGRATION_TRIES: u32 = 40;

/// The pause between two tries.
const MIGRATION_PAUSE: Duration = Duration::from_millis(250);

/// Opens a connection and applies the missing migrations. A server of the previous version may write at the same time.
/// PostgreSQL can then end a migration with a deadlock; it is tried again on a new connection.
async fn migrated(url: &str) -> Result<Connection, StoreError> {
    let mut tries = 1;
    loop {
        let mut connection = Connection::open(url, true).await?;
        inspect::announce(&mut connection).await;
        match connection.migrate(&migrations::migrator()).await {
            Ok(()) => return Ok(connection),
            Err(error) if is_disturbed(&error) && tries < MIGRATION_TRIES => {
                tracing::warn!(%error, tries, "another server uses the tables: the migration is tried again");
            }
            Err(MigrateError::VersionMissing(version)) => {
                return Err(StoreError::new(
                    "checking its schema",
                    format!(
                        "it was written by a newer version of the shop (schema {version}): run that version"
                    ),
                ));
            }
            Err(other) => return Err(StoreError::new("bringing its schema up to date", other)),
        }
        tries += 1;
        tokio::time::sleep(MIGRATION_PAUSE).await;
    }
}

/// Whether a migration met a deadlock (40P01) or waited too long for a lock (55P03).
fn is_disturbed(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| ["40P01", "55P03"].contains(&&*code))
}

impl Store {
    /// Opens the database, brings its schema up to date and starts the writer.
    ///
    /// `url` is `sqlite://FILE` or `postgres://…`. A missing SQLite file and its folder are created. Encrypted secrets
    /// are read and written with [`Store::with_data_keys`].
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be opened, or a newer version of the shop wrote it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let dialect = Dialect::of(url)?;
        if dialect == Dialect::Sqlite {
            files::prepare(&files::of_url(url)?).map_err(StoreError::during("creating its file"))?;
        }
        let mut writing = migrated(url).await?;
        refund_requests::copy(&mut writing).await?;
        let readers = Pool::open(url).await?;
        Ok(Self {
            writer: Writer::start(url, writing)?,
            readers,
            standby: None,
            dialect,
            ahead_ms: 0,
            data_keys: DataKeys::default(),
        })
    }

    /// Moves the database's clock forward, like the shop's own clock in a test (`MovedClock`): leases and the lifetimes
    /// of tokens use the database's clock.
    #[must_use]
    pub const fn with_time_ahead(mut self, ahead_ms: i64) -> Self {
        self.ahead_ms = ahead_ms;
        self
    }

    /// An SQL expression for the database's time, ms since 1970.
    pub(crate) fn now_ms(&self) -> String {
        let now = self.dialect.now_ms();
        if self.ahead_ms == 0 { now.to_owned() } else { format!("({now} + {})", self.ahead_ms) }
    }

    /// The kind of the database.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Checks that the database answers and that the writer runs.
    ///
    /// # Errors
    /// [`StoreError`] if one of them does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if !self.writer.is_running() {
            return Err(StoreError::new("writing", "the writer has stopped: restart the server"));
        }
        self.select("SELECT 1 AS one".to_owned(), &[]).await.map(drop)
    }

    /// Reads rows. `sql` is our own text; text from outside is bound as a value.
    pub(crate) async fn select(&self, sql: String, bound: &[&str]) -> Result<Vec<Row>, StoreError> {
        self.readers.fetch(&sql, bound.iter().map(text).collect()).await
    }

    /// Like [`Store::select`], for a statement that may take long. If there is a standby, the standby reads.
    pub(crate) async fn select_long(&self, sql: String, bound: &[&str]) -> Result<Vec<Row>, StoreError> {
        let values: Vec<_> = bound.iter().map(text).collect();
        if let Some(standby) = &self.standby
            && let Some(rows) = standby.fetch_long(&self.readers, &sql, &values).await
        {
            return Ok(rows);
        }
        self.readers.fetch_long(sql, values).await
    }

    /// Like [`Store::select_long`], for the rows of these orders: `head WHERE order_id IN (…) tail`.
    pub(crate) async fn select_of_orders(
        &self,
        head: &str,
        ids: &[&str],
        tail: &str,
    ) -> Result<Vec<Row>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
        self.select_long(format!("{head} WHERE order_id IN ({}) {tail}", places.join(", ")), ids).await
    }

    /// Runs statements on the writer's connection, between two groups of commands. So SQLite has only one writer.
    pub(crate) async fn exclusive<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.writer.exclusive(work).await
    }

    /// Runs one statement on the writer's connection.
    pub(crate) async fn execute(
        &self,
        context: &'static str,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move { connection.execute(context, sql, values).await.map(drop) })
        })
        .await
    }

    /// Runs one statement that counts a shopper's rows and adds one within a limit. A lock keeps other servers from
    /// adding rows at the same time. Returns whether it changed a row.
    pub(crate) async fn execute_within_limit(
        &self,
        context: &'static str,
        shopper: &Shopper,
        sql: String,
        values: Vec<Value>,
    ) -> Result<bool, StoreError> {
        let name = text(format!("own:{shopper}"));
        let dialect = self.dialect;
        self.exclusive(move |connection| {
            Box::pin(async move {
                connection.begin(context).await?;
                if dialect.locks_rows() {
                    lock_names(connection, context, vec![name]).await?;
                }
                let changed = connection.execute(context, &sql, values).await?;
                connection.commit(context).await?;
                Ok(changed > 0)
            })
        })
        .await
    }
}
