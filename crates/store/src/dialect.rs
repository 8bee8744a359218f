//! What SQLite and PostgreSQL do differently. Nothing else in the shop asks which of them it is.

use crate::StoreError;

/// Which database a store is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, one server.
    Sqlite,
    /// Shared by several servers.
    Postgres,
}

impl Dialect {
    /// From the scheme of `SHOP_DATABASE_URL`.
    pub(crate) fn of(url: &str) -> Result<Self, StoreError> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::configuration("the database URL begins with sqlite:// or postgres://")),
        }
    }

    /// Writes the place of a value, counted from 1. SQLite looks a number up in a list as long as the statement, for each.
    pub(crate) fn place(self, number: usize, sql: &mut String) {
        match self {
            Self::Sqlite => sql.push('?'),
            Self::Postgres => {
                sql.push('$');
                sql.push_str(&number.to_string());
            }
        }
    }

    /// How a writing transaction begins. SQLite takes the lock at once, so that it never has to give way later.
    pub(crate) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Whether others may write at the same time, so that rows are locked before they are read.
    pub(crate) const fn locks_rows(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Behind a SELECT of rows that other servers may be taking at the same time.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The database's own time, ms since 1970, in an expression.
    pub(crate) const fn now_ms(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS BIGINT)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }

    /// The statements that configure a new connection.
    pub(crate) const fn settings(self) -> &'static [&'static str] {
        match self {
            // FULL: a commit is on disk before WeChat hears SUCCESS
            Self::Sqlite => &[
                "PRAGMA busy_timeout = 10000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                // a statement of many rows would else keep what it changes in a file, to take it back if it fails
                "PRAGMA temp_store = MEMORY",
                // 16 MB: what is paid in a row lies together, so a page is written back once for many commits
                "PRAGMA wal_autocheckpoint = 4000",
            ],
            Self::Postgres => &[
                "SET statement_timeout = '15s'",
                "SET lock_timeout = '10s'",
                // a commit is on disk before the server answers SUCCESS to WeChat; a stronger setting of the cluster stays
                "SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') IN ('off', 'local')",
            ],
        }
    }
}
