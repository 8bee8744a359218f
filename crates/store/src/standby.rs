//! Long reads on a standby of PostgreSQL, so that they do not slow down the leader.
//!
//! Before each read the standby must have everything that the leader has committed, so that staff see their own
//! changes. If the standby is behind or does not answer, the leader reads.

use std::time::Duration;

use crate::{
    Dialect, Store, StoreError,
    driver::{Pool, Row, Value, text},
    rows,
};

/// The maximum time that a read waits for the standby. A healthy standby is some milliseconds behind.
const CATCH_UP: Duration = Duration::from_millis(250);

/// The pause between two checks of the standby.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// The connections to a standby.
#[derive(Clone, Debug)]
pub(crate) struct Standby(Pool);

impl Standby {
    /// Reads on the standby. Returns `None` if the leader has to read.
    pub(crate) async fn fetch_long(&self, leader: &Pool, sql: &str, values: &[Value]) -> Option<Vec<Row>> {
        let read = async {
            if self.has_caught_up(leader).await? {
                return self.0.fetch_long(sql.to_owned(), values.to_vec()).await.map(Some);
            }
            tracing::warn!("the standby of SHOP_READ_DATABASE_URL is behind: the leader reads");
            Ok::<_, StoreError>(None)
        };
        read.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the standby of SHOP_READ_DATABASE_URL does not read: the leader reads");
            None
        })
    }

    /// Waits until the standby has replayed everything that the leader has committed now. Returns `false` after
    /// [`CATCH_UP`].
    async fn has_caught_up(&self, leader: &Pool) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(pg_current_wal_flush_lsn() AS TEXT) AS lsn";
        let rows = leader.fetch(sql, vec![]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let committed: String = rows::text(row, "lsn")?;
        let catching_up = async {
            loop {
                if self.has_replayed(&committed).await? {
                    return Ok(true);
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
        };
        tokio::time::timeout(CATCH_UP, catching_up).await.unwrap_or(Ok(false))
    }

    async fn has_replayed(&self, lsn: &str) -> Result<bool, StoreError> {
        // a promoted server replays nothing more, so it stays behind
        let sql = "SELECT CAST(CASE WHEN pg_last_wal_replay_lsn() >= CAST($1 AS pg_lsn) THEN 1 ELSE 0 END AS BIGINT) AS has_replayed";
        let rows = self.0.fetch(sql, vec![text(lsn)]).await?;
        rows.first().map_or(Ok(false), |row| rows::flag(row, "has_replayed"))
    }
}

impl Store {
    /// Lets this PostgreSQL standby read lists, figures and exports. If it is down, the leader reads.
    ///
    /// # Errors
    /// [`StoreError`] if one of the two databases is not PostgreSQL, or the URL is not valid.
    pub fn with_standby(mut self, url: &str) -> Result<Self, StoreError> {
        if self.dialect != Dialect::Postgres || Dialect::of(url)? != Dialect::Postgres {
            return Err(StoreError::new("opening the standby", "only PostgreSQL has standbys"));
        }
        self.standby = Some(Standby(Pool::lazy(url)?));
        Ok(self)
    }
}
