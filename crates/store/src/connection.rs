//! The connections: one that writes, several that read.

use std::time::Duration;

use futures::future::BoxFuture;
use model::Shopper;
use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, Connection,
    any::{AnyPoolOptions, AnyRow, install_default_drivers},
    migrate::MigrateError,
};

use crate::{
    DataKeys, Dialect, Store, StoreError,
    bulk::{Value, bind, lock_names, text},
    files, inspect, migrations,
    unit_of_work::Writer,
};

/// The number of connections that read at the same time.
const READERS: u32 = 8;

impl Store {
    /// Opens the database, brings its schema up to date and starts the writer.
    ///
    /// `url` is `sqlite://FILE` or `postgres://…`. A missing SQLite file and its folder are created. Encrypted secrets are
    /// read and written with [`Store::with_data_keys`].
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be opened, or a newer version of the shop wrote it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let dialect = Dialect::of(url)?;
        if let Some(file) = files::of_url(url) {
            files::prepare(&file).map_err(StoreError::during("creating its file"))?;
        }
        let url = dialect.url(url);
        let writing = pool(&url, dialect, 1).await?;
        inspect::announce(&writing).await?;
        migrations::migrator().run(&writing).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) => StoreError::new(
                "checking its schema",
                format!("it was written by a newer version of the shop (schema {version}): run that version"),
            ),
            other => StoreError::new("bringing its schema up to date", other),
        })?;
        let readers = pool(&url, dialect, READERS).await?;
        Ok(Self { writer: Writer::start(writing, dialect), readers, dialect, data_keys: DataKeys::default() })
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
        self.select("SELECT 1".to_owned(), &[]).await.map(drop)
    }

    /// Reads rows. The statement consists of our own words; text from outside is bound.
    pub(crate) async fn select(&self, sql: String, bound: &[&str]) -> Result<Vec<AnyRow>, StoreError> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in bound {
            query = query.bind(*value);
        }
        query.fetch_all(&self.readers).await.map_err(StoreError::during("reading"))
    }

    /// Runs statements on the writer's connection, between two groups of commands.
    pub(crate) async fn exclusive<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.writer.exclusive(work).await
    }

    /// Runs one statement on the writer's connection.
    pub(crate) async fn change(
        &self,
        doing: &'static str,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move {
                let query = values.into_iter().fold(sqlx::query(sql), bind);
                query.execute(connection).await.map(drop).map_err(StoreError::during(doing))
            })
        })
        .await
    }

    /// Runs one statement that counts a shopper's rows, while no other server adds one. Answers whether it changed a row.
    pub(crate) async fn change_within_limit(
        &self,
        doing: &'static str,
        shopper: &Shopper,
        sql: String,
        values: Vec<Value>,
    ) -> Result<bool, StoreError> {
        let name = text(format!("own:{shopper}"));
        let dialect = self.dialect;
        self.exclusive(move |connection| {
            Box::pin(async move {
                let begun = connection.begin_with(dialect.begin()).await;
                let mut transaction = begun.map_err(StoreError::during(doing))?;
                if dialect.locks_rows() {
                    lock_names(&mut transaction, doing, vec![name]).await?;
                }
                let query = values.into_iter().fold(sqlx::query(AssertSqlSafe(sql)), bind);
                let done = query.execute(&mut *transaction).await.map_err(StoreError::during(doing))?;
                transaction.commit().await.map_err(StoreError::during(doing))?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }
}

async fn pool(url: &str, dialect: Dialect, connections: u32) -> Result<AnyPool, StoreError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(move |connection, _| Box::pin(dialect.prepare(connection)))
        .connect(url)
        .await
        .map_err(StoreError::during("opening it"))
}
