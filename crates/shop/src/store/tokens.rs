//! The tokens of WeChat's accounts in the database: any number of servers share one, with one refresher at a time.
//! Times are the database's own, so that servers need not agree on the clock.

use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use wechat::{
    Secret,
    official::{Lease, StoreError as TokenStoreError, StoreFuture, StoredToken, TokenName, TokenStore},
};

use super::{Dialect, Store, StoreError, data_keys::token_place};
use crate::clock::{DAY_MS, ms};

/// One token's key, as it is bound.
struct Key {
    appid: String,
    kind: &'static str,
}

impl Key {
    fn of(name: &TokenName) -> Self {
        Self { appid: name.appid.clone(), kind: name.kind.as_str() }
    }
}

impl Store {
    /// How long each of WeChat's tokens lives on, ms: less than nothing where it has ended. By `appid` and kind.
    ///
    /// # Errors
    /// [`StoreError`] where the database fails.
    pub async fn token_lifetimes(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let now = self.dialect().now_ms();
        let sql = format!("SELECT appid, kind, expires_ms - {now} FROM tokens WHERE version > 0");
        let rows = self.select(sql, &[]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("reading tokens"))
    }

    async fn load_token(&self, name: &TokenName) -> Result<Option<StoredToken>, StoreError> {
        let now = self.dialect().now_ms();
        let sql = format!(
            "SELECT token, version, expires_ms - {now}, lifetime_ms FROM tokens WHERE appid = $1 AND kind = $2 AND \
             expires_ms > {now}"
        );
        let rows = self.select(sql, &[&name.appid, name.kind.as_str()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let number = |column| row.try_get::<i64, _>(column).map_err(StoreError::during("reading a token"));
        let token: String = row.try_get(0).map_err(StoreError::during("reading a token"))?;
        let token = self.data_keys().open(&token_place(&name.appid, name.kind.as_str()), &token)?;
        Ok(Some(StoredToken {
            token: Secret::new(token),
            version: number(1)?,
            expires_in: duration(number(2)?),
            lifetime: duration(number(3)?),
        }))
    }

    async fn token_version(&self, name: &TokenName) -> Result<i64, StoreError> {
        let sql = "SELECT version FROM tokens WHERE appid = $1 AND kind = $2".to_owned();
        let rows = self.select(sql, &[&name.appid, name.kind.as_str()]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(StoreError::during("reading a token"))
    }

    async fn lease_token(&self, name: &TokenName, length: Duration) -> Result<Option<Lease>, StoreError> {
        let (key, now, length) = (Key::of(name), self.dialect().now_ms(), ms(length));
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    add(connection, &key).await?;
                    let sql = format!(
                        "UPDATE tokens SET lease = lease + 1, leased_ms = {now} + $1 WHERE appid = $2 AND kind = $3 \
                         AND leased_ms <= {now} RETURNING lease"
                    );
                    let row = sqlx::query(AssertSqlSafe(sql))
                        .bind(length)
                        .bind(key.appid)
                        .bind(key.kind)
                        .fetch_optional(connection)
                        .await
                        .map_err(StoreError::during("leasing a token"))?;
                    row.map(|row| row.try_get(0).map(Lease))
                        .transpose()
                        .map_err(StoreError::during("leasing a token"))
                })
            })
            .await
    }

    async fn release_token(&self, name: &TokenName, lease: Lease) -> Result<(), StoreError> {
        let key = Key::of(name);
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "UPDATE tokens SET leased_ms = 0 WHERE appid = $1 AND kind = $2 AND lease = $3";
                    sqlx::query(sql)
                        .bind(key.appid)
                        .bind(key.kind)
                        .bind(lease.0)
                        .execute(connection)
                        .await
                        .map(drop)
                        .map_err(StoreError::during("giving a token's lease back"))
                })
            })
            .await
    }

    async fn publish_token(
        &self,
        name: &TokenName,
        replaces: i64,
        token: &Secret,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let (key, now, lifetime) = (Key::of(name), self.dialect().now_ms(), ms(lifetime));
        let token = self.data_keys().seal(&token_place(&key.appid, key.kind), token.expose());
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    add(connection, &key).await?;
                    // compared and set in one statement: a late answer never replaces a newer token
                    let sql = format!(
                        "UPDATE tokens SET token = $1, version = version + 1, expires_ms = {now} + $2, lifetime_ms = $3 \
                         WHERE appid = $4 AND kind = $5 AND version = $6"
                    );
                    let done = sqlx::query(AssertSqlSafe(sql))
                        .bind(token)
                        .bind(lifetime)
                        .bind(lifetime)
                        .bind(key.appid)
                        .bind(key.kind)
                        .bind(replaces)
                        .execute(connection)
                        .await
                        .map_err(StoreError::during("publishing a token"))?;
                    Ok(done.rows_affected() == 1)
                })
            })
            .await
    }

    async fn count_forced_token(
        &self,
        name: &TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> Result<bool, StoreError> {
        let (key, dialect, spacing) = (Key::of(name), self.dialect(), ms(spacing));
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move { count_forced(connection, dialect, &key, spacing, per_day).await })
            })
            .await
    }
}

async fn count_forced(
    connection: &mut AnyConnection,
    dialect: Dialect,
    key: &Key,
    spacing: i64,
    per_day: u32,
) -> Result<bool, StoreError> {
    let failed = || StoreError::during("counting forced refreshes");
    let now = dialect.now_ms();
    let mut transaction = connection.begin_with(dialect.begin()).await.map_err(failed())?;
    add(&mut transaction, key).await?;
    // the token's row is locked, so that two servers do not count at once
    sqlx::query("UPDATE tokens SET version = version WHERE appid = $1 AND kind = $2")
        .bind(&key.appid)
        .bind(key.kind)
        .execute(&mut *transaction)
        .await
        .map_err(failed())?;
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE({now} - MAX(at_ms), {DAY_MS}) AS BIGINT) FROM forced_refreshes \
         WHERE appid = $1 AND kind = $2 AND at_ms > {now} - {DAY_MS}"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(&key.appid)
        .bind(key.kind)
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed())?;
    let (count, since): (i64, i64) = (row.try_get(0).map_err(failed())?, row.try_get(1).map_err(failed())?);
    let may = count < i64::from(per_day) && since >= spacing;
    if may {
        let sql = format!("INSERT INTO forced_refreshes (appid, kind, at_ms) VALUES ($1, $2, {now})");
        sqlx::query(AssertSqlSafe(sql))
            .bind(&key.appid)
            .bind(key.kind)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
    }
    transaction.commit().await.map_err(failed())?;
    Ok(may)
}

/// The row of a token that was never there.
async fn add(connection: &mut AnyConnection, key: &Key) -> Result<(), StoreError> {
    let sql = "INSERT INTO tokens (appid, kind, token, version, expires_ms, lifetime_ms, lease, leased_ms) VALUES \
               ($1, $2, '', 0, 0, 0, 0, 0) ON CONFLICT (appid, kind) DO NOTHING";
    sqlx::query(sql)
        .bind(&key.appid)
        .bind(key.kind)
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::during("adding a token"))
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

fn told(error: StoreError) -> TokenStoreError {
    TokenStoreError::new(error)
}

impl TokenStore for Store {
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>> {
        Box::pin(async move { self.load_token(name).await.map_err(told) })
    }

    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64> {
        Box::pin(async move { self.token_version(name).await.map_err(told) })
    }

    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>> {
        Box::pin(async move { self.lease_token(name, length).await.map_err(told) })
    }

    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.release_token(name, lease).await.map_err(told) })
    }

    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move { self.publish_token(name, replaces, token, lifetime).await.map_err(told) })
    }

    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move { self.count_forced_token(name, spacing, per_day).await.map_err(told) })
    }
}
