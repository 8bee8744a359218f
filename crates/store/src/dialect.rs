//! The differences between the SQL of SQLite and of PostgreSQL. Other files ask [`Dialect`] only if the two need
//! different steps.

use crate::StoreError;

/// The kind of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A file, for one server.
    Sqlite,
    /// A database server that several servers of the shop can share.
    Postgres,
}

impl Dialect {
    /// The kind of the database with this URL (`SHOP_DATABASE_URL`).
    pub(crate) fn of(url: &str) -> Result<Self, StoreError> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::configuration("the database URL begins with sqlite:// or postgres://")),
        }
    }

    /// Writes the placeholder of a value; `number` counts from 1. SQLite gets no number, because it would search a list
    /// for each numbered placeholder.
    pub(crate) fn place(self, number: usize, sql: &mut String) {
        match self {
            Self::Sqlite => sql.push('?'),
            Self::Postgres => {
                sql.push('$');
                sql.push_str(&number.to_string());
            }
        }
    }

    /// The statement that begins a writing transaction. SQLite takes the write lock at once: a later upgrade of a read
    /// lock could fail.
    pub(crate) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Whether other servers can write at the same time, so that rows must be locked before they are read.
    pub(crate) const fn locks_rows(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// The end of a SELECT that skips rows that another server has locked.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// An SQL expression for the database's own time, ms since 1970.
    pub(crate) const fn now_ms(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS BIGINT)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }

    /// The statements that configure a new connection.
    pub(crate) const fn settings(self) -> &'static [&'static str] {
        match self {
            // FULL: a commit is on disk before the server answers SUCCESS to WeChat
            Self::Sqlite => &[
                "PRAGMA busy_timeout = 10000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                // otherwise a statement with many rows writes its rollback data to a temporary file
                "PRAGMA temp_store = MEMORY",
                // 16 MB: fewer checkpoints, because many commits change the same pages
                "PRAGMA wal_autocheckpoint = 4000",
            ],
            Self::Postgres => &[
                "SET statement_timeout = '15s'",
                "SET lock_timeout = '10s'",
                // a commit is on disk before the server answers SUCCESS to WeChat; a stronger setting of the cluster
                // stays
                "SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') IN ('off', 'local')",
            ],
        }
    }
}
