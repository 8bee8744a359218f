//! Failed sign-ins: counted in the database by name and by address, so that all servers see them.
//!
//! Failures slow further tries down and never lock anybody out: otherwise a stranger who knows a name could keep its owner
//! away. Wrong codes behind the right password are counted by themselves, and pause the second factor: whoever types them
//! knows the password.

use std::time::Duration;

use sqlx::{AnyConnection, Row};

use crate::{Store, StoreError};

/// Failures after which an address, and a name, is slowed down.
const FREE_OF_ADDRESS: i64 = 3;
const FREE_OF_NAME: i64 = 10;

/// The first pause, which doubles with each failure, and the longest.
const FIRST_PAUSE_MS: u64 = 250;
const LONGEST_OF_ADDRESS_MS: u64 = 10_000;
const LONGEST_OF_NAME_MS: u64 = 5_000;

/// Failures are forgotten after so long without another one. ms.
const FORGET_MS: i64 = 15 * 60 * 1000;

/// Wrong codes in a row that an account may have; after that one an hour.
const WRONG_CODES: i64 = 5;
const CODE_PAUSE_MS: i64 = 60 * 60 * 1000;

/// Wrong codes are forgotten after a day without another one. ms.
const FORGET_CODES_MS: i64 = 24 * 60 * 60 * 1000;

/// How long an address counts as known after a sign-in. ms.
const KNOWN_MS: i64 = 90 * 24 * 60 * 60 * 1000;

const DOING: &str = "counting sign-ins";

/// Failures so far, the sign-in that is about to be tried not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failures {
    pub(super) of_name: i64,
    pub(super) of_address: i64,
    /// Whether somebody has signed in under this name from this address before.
    pub(super) is_known: bool,
}

impl Failures {
    /// How long to wait before the password is looked at. What strangers do from elsewhere does not slow a known address
    /// down.
    pub(super) fn pause(self) -> Duration {
        let of_name =
            if self.is_known { 0 } else { doubled(self.of_name - FREE_OF_NAME, LONGEST_OF_NAME_MS) };
        let of_address = doubled(self.of_address - FREE_OF_ADDRESS, LONGEST_OF_ADDRESS_MS);
        Duration::from_millis(of_name.max(of_address))
    }

    /// Whether this is the failure at which the operator is told.
    pub(super) const fn is_alarming(self) -> bool {
        self.of_name == FREE_OF_NAME
    }
}

fn doubled(beyond: i64, longest_ms: u64) -> u64 {
    if beyond < 0 { 0 } else { (FIRST_PAUSE_MS << beyond.min(10)).min(longest_ms) }
}

impl Store {
    /// Counts a sign-in as failed before it is tried, so that many at once see each other.
    pub(super) async fn count_sign_in(
        &self,
        name: &str,
        address: &str,
        now_ms: i64,
    ) -> Result<Failures, StoreError> {
        let (name, address) = (name.to_owned(), address.to_owned());
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM sign_in_failures WHERE last_ms < $1")
                        .bind(now_ms - FORGET_CODES_MS)
                        .execute(&mut *connection)
                        .await
                        .map_err(StoreError::during(DOING))?;
                    let of_name = count(connection, "name", &name, now_ms).await?;
                    let of_address = count(connection, "address", &address, now_ms).await?;
                    let known = sqlx::query(
                        "SELECT 1 FROM staff_addresses WHERE name = $1 AND address = $2 AND last_ms > $3",
                    )
                    .bind(&name)
                    .bind(&address)
                    .bind(now_ms - KNOWN_MS)
                    .fetch_optional(&mut *connection)
                    .await
                    .map_err(StoreError::during(DOING))?;
                    Ok(Failures {
                        of_name: of_name - 1,
                        of_address: of_address - 1,
                        is_known: known.is_some(),
                    })
                })
            })
            .await
    }

    /// Counts a code of the second factor as wrong before it is looked at. Says whether it may be looked at. Without a
    /// name it counts nothing and takes as long.
    pub(super) async fn count_code(
        &self,
        name: Option<&str>,
        known_address: Option<&str>,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let kind = match (name, known_address) {
            (None, _) => "none".to_owned(),
            (Some(_), None) => "code".to_owned(),
            // strangers who know the password do not pause the code where its owner signs in
            (Some(_), Some(address)) => format!("code@{address}"),
        };
        let most = if name.is_some() { WRONG_CODES } else { i64::MAX };
        let name = name.unwrap_or_default().to_owned();
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "INSERT INTO sign_in_failures (kind, subject, failures, last_ms) VALUES ($1, $2, 1, $3) ON \
                               CONFLICT (kind, subject) DO UPDATE SET failures = sign_in_failures.failures + 1, last_ms = \
                               excluded.last_ms WHERE sign_in_failures.failures < $4 OR sign_in_failures.last_ms <= $5";
                    let counted = sqlx::query(sql)
                        .bind(kind)
                        .bind(name)
                        .bind(now_ms)
                        .bind(most)
                        .bind(now_ms - CODE_PAUSE_MS)
                        .execute(connection)
                        .await
                        .map_err(StoreError::during(DOING))?;
                    Ok(counted.rows_affected() == 1)
                })
            })
            .await
    }

    /// Somebody has signed in: their failures are forgotten, and their address is known.
    pub(super) async fn forget_failures(
        &self,
        name: &str,
        address: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (name, address) = (name.to_owned(), address.to_owned());
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let own = format!("code@{address}");
                    for (kind, subject) in [("name", &name), ("code", &name), (&*own, &name), ("address", &address)] {
                        sqlx::query("DELETE FROM sign_in_failures WHERE kind = $1 AND subject = $2")
                            .bind(kind)
                            .bind(subject)
                            .execute(&mut *connection)
                            .await
                            .map_err(StoreError::during(DOING))?;
                    }
                    let sql = "INSERT INTO staff_addresses (name, address, last_ms) VALUES ($1, $2, $3) ON CONFLICT \
                               (name, address) DO UPDATE SET last_ms = excluded.last_ms";
                    sqlx::query(sql)
                        .bind(&name)
                        .bind(&address)
                        .bind(now_ms)
                        .execute(connection)
                        .await
                        .map(drop)
                        .map_err(StoreError::during(DOING))
                })
            })
            .await
    }

    /// An account was reset or removed: its second factor is not paused, and no address of its is known.
    pub(super) async fn forget_account(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    for sql in [
                        "DELETE FROM sign_in_failures WHERE subject = $1 AND kind <> 'address'",
                        "DELETE FROM staff_addresses WHERE name = $1",
                        "DELETE FROM staff_sessions WHERE name = $1",
                    ] {
                        sqlx::query(sql)
                            .bind(&name)
                            .execute(&mut *connection)
                            .await
                            .map_err(StoreError::during(DOING))?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Counts one more failure and gives how many there are; old ones are forgotten.
async fn count(
    connection: &mut AnyConnection,
    kind: &'static str,
    subject: &str,
    now_ms: i64,
) -> Result<i64, StoreError> {
    let sql = "INSERT INTO sign_in_failures (kind, subject, failures, last_ms) VALUES ($1, $2, 1, $3) ON CONFLICT (kind, \
               subject) DO UPDATE SET failures = CASE WHEN sign_in_failures.last_ms < $4 THEN 1 ELSE \
               sign_in_failures.failures + 1 END, last_ms = excluded.last_ms RETURNING failures";
    let row = sqlx::query(sql)
        .bind(kind)
        .bind(subject)
        .bind(now_ms)
        .bind(now_ms - FORGET_MS)
        .fetch_one(connection)
        .await
        .map_err(StoreError::during(DOING))?;
    row.try_get(0).map_err(StoreError::during(DOING))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn failures(of_name: i64, of_address: i64, is_known: bool) -> Failures {
        Failures { of_name, of_address, is_known }
    }

    #[test]
    fn failures_slow_down_and_never_for_long() {
        assert_eq!(failures(9, 2, false).pause(), Duration::ZERO);
        assert_eq!(failures(10, 0, false).pause(), Duration::from_millis(250));
        assert_eq!(failures(12, 0, false).pause(), Duration::from_secs(1));
        assert_eq!(failures(0, 4, false).pause(), Duration::from_millis(500));
        assert_eq!(failures(1_000_000, 0, false).pause(), Duration::from_millis(LONGEST_OF_NAME_MS));
        assert_eq!(failures(0, i64::MAX, false).pause(), Duration::from_millis(LONGEST_OF_ADDRESS_MS));
        // an attack from elsewhere is not felt where the owner has signed in before
        assert_eq!(failures(1_000_000, 0, true).pause(), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_second_factor_takes_five_wrong_codes_and_then_one_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let mut taken = 0;
        for minute in 0..24 * 60 {
            taken += i64::from(store.count_code(Some("anna"), None, minute * 60_000).await.unwrap());
        }
        assert!((WRONG_CODES..=WRONG_CODES + 24).contains(&taken), "{taken} codes in a day");
        // where anna signs in, nothing is paused; and a reset ends the pause
        assert!(store.count_code(Some("anna"), Some("10.0.0.1"), 24 * 3_600_000).await.unwrap());
        assert!(!store.count_code(Some("anna"), None, 24 * 3_600_000 - 1000).await.unwrap());
        store.forget_account("anna").await.unwrap();
        assert!(store.count_code(Some("anna"), None, 24 * 3_600_000).await.unwrap());
        // without a name there is no limit
        for at in 0..20 {
            assert!(store.count_code(None, None, at).await.unwrap());
        }
    }
}
