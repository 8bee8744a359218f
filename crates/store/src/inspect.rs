//! Inspects a database without changing it, for `server doctor`.

use crate::{Dialect, StoreError, driver::Connection, files, migrations, rows};

/// The result of an inspection.
#[derive(Debug)]
pub struct Inspection {
    /// SQLite or PostgreSQL.
    pub dialect: Dialect,
    /// The version of its tables.
    pub schema: Schema,
    /// The result of a trial write.
    pub written: Result<(), StoreError>,
    /// How PostgreSQL replicates to standbys; `None` for SQLite.
    pub replication: Option<Replication>,
}

/// How PostgreSQL replicates its commits to standbys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replication {
    /// No standby is connected.
    NoStandby,
    /// A commit does not wait for a standby: a fail-over can lose the newest commits.
    Asynchronous {
        /// The number of connected standbys.
        standbys: i64,
    },
    /// A commit waits until a standby has it.
    Synchronous {
        /// The number of connected standbys.
        standbys: i64,
    },
}

impl Replication {
    /// `synchronous_standby_names` is PostgreSQL's setting. If it is empty, no commit waits for a standby.
    fn new(standbys: i64, synchronous_standby_names: &str) -> Self {
        match (standbys, synchronous_standby_names.trim()) {
            (standbys, names) if !names.is_empty() => Self::Synchronous { standbys },
            (0, _) => Self::NoStandby,
            (standbys, _) => Self::Asynchronous { standbys },
        }
    }
}

/// The version of the tables, compared with this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There are no tables.
    Missing,
    /// The tables have the version of this program.
    Current(i64),
    /// The tables are older: the next start of a server migrates them.
    Old {
        /// The version of the tables.
        has: i64,
        /// The version of this program.
        wants: i64,
    },
    /// A newer program has migrated the tables.
    Newer {
        /// The version of the tables.
        has: i64,
        /// The version of this program.
        knows: i64,
    },
}

impl Inspection {
    /// Inspects the database with this URL. Does not create a missing SQLite file.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be reached.
    pub async fn of(url: &str) -> Result<Self, StoreError> {
        let dialect = Dialect::of(url)?;
        if dialect == Dialect::Sqlite {
            let file = files::of_url(url)?;
            if !file.exists() {
                let written = folder_takes_files(&file);
                return Ok(Self { dialect, schema: Schema::Missing, written, replication: None });
            }
        }
        let mut connection = Connection::open(url, false).await?;
        let schema = schema(&mut connection).await;
        let written = try_writing(&mut connection).await;
        let replication = match dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(replication(&mut connection).await?),
        };
        Ok(Self { dialect, schema, written, replication })
    }
}

/// Whether the PostgreSQL server with this URL is a standby.
///
/// # Errors
/// [`StoreError`] if the database cannot be reached.
pub async fn is_standby(url: &str) -> Result<bool, StoreError> {
    let mut connection = Connection::open(url, false).await?;
    let sql = "SELECT CAST(CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS BIGINT) AS is_standby";
    let row = connection.fetch_one("asking whether it is a standby", sql, Vec::new()).await?;
    rows::flag(&row, "is_standby")
}

/// Counts of the openids whose unionid is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownOpenIds {
    /// Each appid with the number of its openids.
    pub of_accounts: Vec<(String, i64)>,
    /// The number of shoppers with more than one openid.
    pub shoppers_with_several: i64,
}

/// Counts the openids whose unionid is known, in the database with this URL.
///
/// # Errors
/// [`StoreError`] if the database cannot be reached, or has no such table.
pub async fn known_openids(url: &str) -> Result<KnownOpenIds, StoreError> {
    const CONTEXT: &str = "counting openids";
    let mut connection = Connection::open(url, false).await?;
    let sql = "SELECT appid, COUNT(*) AS openids FROM shopper_openids GROUP BY appid ORDER BY appid";
    let rows = connection.fetch(CONTEXT, sql, Vec::new()).await?;
    let of_accounts = rows.iter().map(|row| Ok((rows::text(row, "appid")?, rows::number(row, "openids")?)));
    let of_accounts = of_accounts.collect::<Result<_, StoreError>>()?;
    let sql = "SELECT COUNT(*) AS shoppers FROM (SELECT shopper FROM shopper_openids GROUP BY shopper HAVING COUNT(*) > 1) s";
    let row = connection.fetch_one(CONTEXT, sql, Vec::new()).await?;
    Ok(KnownOpenIds { of_accounts, shoppers_with_several: rows::number(&row, "shoppers")? })
}

/// Logs whether the start creates or migrates the tables.
pub(crate) async fn announce(connection: &mut Connection) {
    match schema(connection).await {
        Schema::Missing => {
            tracing::info!(version = migrations::newest(), "the database is new: its tables are made")
        }
        Schema::Old { has, wants } => {
            tracing::warn!(has, wants, "the database is of an older version: it is brought up to date");
        }
        // the migration refuses a newer one next
        Schema::Current(_) | Schema::Newer { .. } => {}
    }
}

async fn schema(connection: &mut Connection) -> Schema {
    let sql = "SELECT MAX(version) AS version FROM _sqlx_migrations WHERE success";
    let row = connection.fetch_one("reading its schema", sql, Vec::new()).await;
    let has = row.and_then(|row| rows::number(&row, "version"));
    let newest = migrations::newest();
    match has {
        // the table does not exist, or is empty
        Err(_) => Schema::Missing,
        Ok(has) if has < newest => Schema::Old { has, wants: newest },
        Ok(has) if has > newest => Schema::Newer { has, knows: newest },
        Ok(has) => Schema::Current(has),
    }
}

async fn replication(connection: &mut Connection) -> Result<Replication, StoreError> {
    // a role without rights also sees the rows of this view, with empty columns
    let sql = "SELECT COUNT(*) AS standbys, current_setting('synchronous_standby_names') AS names FROM pg_stat_replication";
    let row = connection.fetch_one("reading its replication", sql, Vec::new()).await?;
    Ok(Replication::new(rows::number(&row, "standbys")?, &rows::text::<String>(&row, "names")?))
}

/// Creates a table and rolls back.
async fn try_writing(connection: &mut Connection) -> Result<(), StoreError> {
    const CONTEXT: &str = "trying to write";
    connection.begin(CONTEXT).await?;
    let made = connection.run(CONTEXT, "CREATE TABLE doctor_trial (at_ms BIGINT)").await;
    connection.roll_back(CONTEXT).await?;
    made
}

/// Checks that the program can write to the file's folder, or to its nearest existing parent.
fn folder_takes_files(file: &std::path::Path) -> Result<(), StoreError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut folder = folder.unwrap_or(std::path::Path::new("."));
    while !folder.exists() {
        folder = folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    }
    let trial = folder.join(".xiaodian-doctor");
    std::fs::write(&trial, "")
        .and_then(|()| std::fs::remove_file(&trial))
        .map_err(StoreError::during("trying to write"))
}

#[cfg(test)]
mod tests {
    use super::Replication;

    #[test]
    fn a_cluster_without_a_synchronous_standby_is_asynchronous() {
        assert_eq!(Replication::new(0, ""), Replication::NoStandby);
        assert_eq!(Replication::new(2, " "), Replication::Asynchronous { standbys: 2 });
        assert_eq!(Replication::new(2, "ANY 1 (node2, node3)"), Replication::Synchronous { standbys: 2 });
        // commits wait for a standby that is not connected
        assert_eq!(Replication::new(0, "node2"), Replication::Synchronous { standbys: 0 });
    }
}
