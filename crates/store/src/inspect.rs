//! Looking at a database without changing it: for `server doctor`.

use sqlx::{Any, AnyConnection, AnyPool, Connection, Row};

use crate::{Dialect, StoreError, migrations};

/// The result of an inspection.
#[derive(Debug)]
pub struct Inspection {
    /// Which database it is.
    pub dialect: Dialect,
    /// How old its tables are.
    pub schema: Schema,
    /// Whether it takes changes.
    pub written: Result<(), StoreError>,
}

/// How old the tables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There are none.
    Missing,
    /// As this program has them.
    Current(i64),
    /// The next start changes them.
    Old {
        /// Theirs.
        has: i64,
        /// This program's.
        wants: i64,
    },
    /// Written by a newer program.
    Newer {
        /// Theirs.
        has: i64,
        /// This program's.
        knows: i64,
    },
}

impl Inspection {
    /// Looks at the database of this URL; a SQLite file that is not there yet is not made.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub async fn of(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url)?;
        if let Some(file) = url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or(path))
            && !std::path::Path::new(file).exists()
        {
            return Ok(Self { dialect, schema: Schema::Missing, written: folder_takes_files(file) });
        }
        let connecting = AnyConnection::connect(url);
        let connected = tokio::time::timeout(std::time::Duration::from_secs(10), connecting).await;
        let mut connection =
            connected.map_err(StoreError::during("connecting"))?.map_err(StoreError::during("connecting"))?;
        let schema = schema(&mut connection).await;
        let written = try_writing(&mut connection, dialect).await;
        Ok(Self { dialect, schema, written })
    }
}

/// Says what is about to happen to the tables, before it does.
pub(crate) async fn announce(pool: &AnyPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(StoreError::during("opening it"))?;
    match schema(&mut connection).await {
        Schema::Missing => {
            tracing::info!(version = migrations::newest(), "the database is new: its tables are made")
        }
        Schema::Old { has, wants } => {
            tracing::warn!(has, wants, "the database is of an older version: it is brought up to date");
        }
        // the latter is refused in a moment
        Schema::Current(_) | Schema::Newer { .. } => {}
    }
    Ok(())
}

async fn schema(connection: &mut AnyConnection) -> Schema {
    let sql = "SELECT CAST(MAX(version) AS BIGINT) FROM _sqlx_migrations WHERE success";
    let has = sqlx::query::<Any>(sql).fetch_one(connection).await.and_then(|row| row.try_get::<i64, _>(0));
    let newest = migrations::newest();
    match has {
        // no such table, or nothing in it
        Err(_) => Schema::Missing,
        Ok(has) if has < newest => Schema::Old { has, wants: newest },
        Ok(has) if has > newest => Schema::Newer { has, knows: newest },
        Ok(has) => Schema::Current(has),
    }
}

/// A table that is made and given up again.
async fn try_writing(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), StoreError> {
    const DOING: &str = "trying to write";
    let mut transaction = connection.begin_with(dialect.begin()).await.map_err(StoreError::during(DOING))?;
    let made = sqlx::query("CREATE TABLE doctor_trial (at_ms BIGINT)").execute(&mut *transaction).await;
    transaction.rollback().await.map_err(StoreError::during(DOING))?;
    made.map(drop).map_err(StoreError::during(DOING))
}

/// Whether the file's folder, or the nearest one above that is there, may be written to.
fn folder_takes_files(file: &str) -> Result<(), StoreError> {
    let folder = std::path::Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut folder = folder.unwrap_or(std::path::Path::new("."));
    while !folder.exists() {
        folder = folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    }
    let trial = folder.join(".xiaodian-doctor");
    std::fs::write(&trial, "")
        .and_then(|()| std::fs::remove_file(&trial))
        .map_err(StoreError::during("trying to write"))
}
