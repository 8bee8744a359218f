//! The tokens of WeChat's accounts. All servers share a token, and one server at a time refreshes it. All times are the
//! database's, so the clocks of the servers may differ.

use std::time::Duration;

use super::ms;
use crate::{
    Store, StoreError,
    data_keys::token_place,
    driver::{Connection, Value, text},
    rows,
};

/// A day, ms.
const DAY_MS: i64 = 86_400_000;

/// A valid token.
#[derive(Clone)]
pub struct TokenRecord {
    /// The token in plain text.
    pub token: String,
    /// The number of this token, counted from 1.
    pub version: i64,
    /// How long it is still valid.
    pub expires_in: Duration,
    /// How long WeChat said that it is valid, when it gave the token.
    pub lifetime: Duration,
}

/// The key of a token's row.
struct Key {
    appid: String,
    kind: &'static str,
}

impl Store {
    /// How long each token is still valid: `appid`, kind, and ms. The ms are negative after its end.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn token_lifetimes(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let now = self.now_ms();
        let sql =
            format!("SELECT appid, kind, expires_ms - {now} AS expires_in_ms FROM tokens WHERE version > 0");
        self.select(sql, &[])
            .await?
            .iter()
            .map(|row| {
                Ok((rows::text(row, "appid")?, rows::text(row, "kind")?, rows::number(row, "expires_in_ms")?))
            })
            .collect()
    }

    /// A token; `None` if there is no valid one.
    ///
    /// # Errors
    /// As [`Store::order`]; also if no data key decrypts it.
    pub async fn load_token(&self, appid: &str, kind: &str) -> Result<Option<TokenRecord>, StoreError> {
        let now = self.now_ms();
        let sql = format!(
            "SELECT token, version, expires_ms - {now} AS expires_in_ms, lifetime_ms FROM tokens \
             WHERE appid = $1 AND kind = $2 AND expires_ms > {now}"
        );
        let rows = self.select(sql, &[appid, kind]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let stored: String = rows::text(row, "token")?;
        Ok(Some(TokenRecord {
            token: self.data_keys.open(&token_place(appid, kind), &stored)?,
            version: rows::number(row, "version")?,
            expires_in: duration(rows::number(row, "expires_in_ms")?),
            lifetime: duration(rows::number(row, "lifetime_ms")?),
        }))
    }

    /// The number of the newest token, valid or not; 0 before the first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn token_version(&self, appid: &str, kind: &str) -> Result<i64, StoreError> {
        let sql = "SELECT version FROM tokens WHERE appid = $1 AND kind = $2".to_owned();
        self.select(sql, &[appid, kind]).await?.first().map_or(Ok(0), |row| rows::number(row, "version"))
    }

    /// Leases the refresh of a token. Returns the number of the lease; `None` if another server holds the lease.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn lease_token(
        &self,
        appid: &str,
        kind: &'static str,
        length: Duration,
    ) -> Result<Option<i64>, StoreError> {
        let (key, now, length) = (Key { appid: appid.to_owned(), kind }, self.now_ms(), ms(length));
        self.exclusive(move |connection| {
            Box::pin(async move {
                add(connection, &key).await?;
                let sql = format!(
                    "UPDATE tokens SET lease = lease + 1, leased_ms = {now} + $1 WHERE appid = $2 AND kind = $3 \
                     AND leased_ms <= {now} RETURNING lease"
                );
                let values = vec![Value::Number(length), text(key.appid), text(key.kind)];
                let rows = connection.fetch("leasing a token", &sql, values).await?;
                rows.first().map(|row| rows::number(row, "lease")).transpose()
            })
        })
        .await
    }

    /// Releases the lease of a token.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn release_token(&self, appid: &str, kind: &str, lease: i64) -> Result<(), StoreError> {
        let sql = "UPDATE tokens SET leased_ms = 0 WHERE appid = $1 AND kind = $2 AND lease = $3";
        self.execute("releasing a token", sql, vec![text(appid), text(kind), Value::Number(lease)]).await
    }

    /// Stores a new token, if the version is still `replaces`. Returns whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn publish_token(
        &self,
        appid: &str,
        kind: &'static str,
        replaces: i64,
        token: &str,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let (key, now, lifetime) = (Key { appid: appid.to_owned(), kind }, self.now_ms(), ms(lifetime));
        let token = self.data_keys.seal(&token_place(appid, kind), token);
        self.exclusive(move |connection| {
            Box::pin(async move {
                add(connection, &key).await?;
                // compare and set in one statement: a late answer never replaces a newer token
                let sql = format!(
                    "UPDATE tokens SET token = $1, version = version + 1, expires_ms = {now} + $2, lifetime_ms = $3 \
                     WHERE appid = $4 AND kind = $5 AND version = $6"
                );
                let values = vec![
                    text(token),
                    Value::Number(lifetime),
                    Value::Number(lifetime),
                    text(key.appid),
                    text(key.kind),
                    Value::Number(replaces),
                ];
                Ok(connection.execute("publishing a token", &sql, values).await? == 1)
            })
        })
        .await
    }

    /// Counts a forced refresh, if the last one was at least `spacing` ago and the last 24 hours have fewer than
    /// `per_day`. Returns whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn count_forced_refresh(
        &self,
        appid: &str,
        kind: &'static str,
        spacing: Duration,
        per_day: u32,
    ) -> Result<bool, StoreError> {
        let (key, now, spacing) = (Key { appid: appid.to_owned(), kind }, self.now_ms(), ms(spacing));
        self.exclusive(move |connection| {
            Box::pin(async move { count_forced(connection, &now, &key, spacing, per_day).await })
        })
        .await
    }
}

async fn count_forced(
    connection: &mut Connection,
    now: &str,
    key: &Key,
    spacing: i64,
    per_day: u32,
) -> Result<bool, StoreError> {
    const CONTEXT: &str = "counting forced refreshes";
    let own = || vec![text(&key.appid), text(key.kind)];
    connection.begin(CONTEXT).await?;
    add(connection, key).await?;
    // locks the row of the token, so that two servers do not count at the same time
    let sql = "UPDATE tokens SET version = version WHERE appid = $1 AND kind = $2";
    connection.execute(CONTEXT, sql, own()).await?;
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS refreshes, CAST(COALESCE({now} - MAX(at_ms), {DAY_MS}) AS BIGINT) \
         AS since_ms FROM forced_refreshes WHERE appid = $1 AND kind = $2 AND at_ms > {now} - {DAY_MS}"
    );
    let row = connection.fetch_one(CONTEXT, &sql, own()).await?;
    let (count, since_ms): (i64, i64) = (rows::number(&row, "refreshes")?, rows::number(&row, "since_ms")?);
    let may = count < i64::from(per_day) && since_ms >= spacing;
    if may {
        let sql = format!("INSERT INTO forced_refreshes (appid, kind, at_ms) VALUES ($1, $2, {now})");
        connection.execute(CONTEXT, &sql, own()).await?;
    }
    connection.commit(CONTEXT).await?;
    Ok(may)
}

/// Adds the row of a token, if it does not exist.
async fn add(connection: &mut Connection, key: &Key) -> Result<(), StoreError> {
    let sql = "INSERT INTO tokens (appid, kind, token, version, expires_ms, lifetime_ms, lease, leased_ms) VALUES \
               ($1, $2, '', 0, 0, 0, 0, 0) ON CONFLICT (appid, kind) DO NOTHING";
    connection.execute("adding a token", sql, vec![text(&key.appid), text(key.kind)]).await.map(drop)
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}
