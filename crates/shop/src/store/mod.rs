//! The database: SQLite or PostgreSQL, one set of SQL.

mod backup;
mod bulk;
mod data_keys;
mod dialect;
mod edits;
mod error;
mod files;
mod fill;
pub mod import;
pub mod inspect;
mod migrations;
pub mod own;
mod read;
pub mod rows;
mod tokens;
mod writer;

use sqlx::{
    AnyPool,
    any::{AnyPoolOptions, install_default_drivers},
    migrate::MigrateError,
};

pub(crate) use self::data_keys::totp_place;
pub(crate) use self::writer::{Books, Command, Full, Needs, Note, Unpaid, Writer};
pub(crate) use self::{
    bulk::{Value, text},
    edits::Edit,
};
pub use self::{data_keys::DataKeys, dialect::Dialect, error::StoreError};

/// Connections that read at the same time.
const READERS: u32 = 8;

/// The shop's database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: Writer,
    readers: AnyPool,
    dialect: Dialect,
    data_keys: DataKeys,
}

impl Store {
    /// Opens the database, brings its schema up to date and starts the writer.
    ///
    /// `url` is `sqlite://FILE` (made where it is missing, its folder too) or `postgres://…`. Secrets that are encrypted are
    /// read and written with [`Store::with_data_keys`].
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be opened, or was written by a newer version of the shop.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let dialect = Dialect::of(url)?;
        if let Some(file) = files::of_url(url) {
            files::prepare(&file).map_err(StoreError::during("making its file"))?;
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

    pub(crate) const fn data_keys(&self) -> &DataKeys {
        &self.data_keys
    }

    /// Which database it is.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }
}

async fn pool(url: &str, dialect: Dialect, connections: u32) -> Result<AnyPool, StoreError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(std::time::Duration::from_secs(10))
        .after_connect(move |connection, _| Box::pin(dialect.prepare(connection)))
        .connect(url)
        .await
        .map_err(StoreError::during("opening it"))
}
