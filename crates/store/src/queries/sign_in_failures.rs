//! Counts failed sign-ins of the console by name, by IP address and by second factor. They are rows, so that all
//! servers see them.

use crate::{
    Store, StoreError,
    driver::{Connection, Value, text},
    rows,
};

const CONTEXT: &str = "counting sign-ins";

/// How long the counts are kept, ms.
#[derive(Clone, Copy, Debug)]
pub struct SignInTimes {
    /// The count of a name or an address starts again this long after the last failure.
    pub forget_ms: i64,
    /// A count is deleted this long after the last failure.
    pub delete_ms: i64,
    /// An address is known this long after a sign-in from it.
    pub known_ms: i64,
}

/// The failures before the current sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInCounts {
    /// Failures of the name.
    pub of_name: i64,
    /// Failures of the address.
    pub of_address: i64,
    /// Whether the account has signed in from this address within [`SignInTimes::known_ms`].
    pub is_known: bool,
}

impl Store {
    /// Counts a sign-in as failed before its check, so that simultaneous sign-ins see each other.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn count_sign_in(
        &self,
        name: &str,
        address: &str,
        times: SignInTimes,
        now_ms: i64,
    ) -> Result<SignInCounts, StoreError> {
        let (name, address) = (name.to_owned(), address.to_owned());
        self.exclusive(move |connection| {
            Box::pin(async move {
                let old = vec![Value::Number(now_ms - times.delete_ms)];
                connection.execute(CONTEXT, "DELETE FROM sign_in_failures WHERE last_ms < $1", old).await?;
                let since_ms = now_ms - times.forget_ms;
                let of_name = count(connection, "name", &name, now_ms, since_ms).await?;
                let of_address = count(connection, "address", &address, now_ms, since_ms).await?;
                let sql =
                    "SELECT name FROM staff_addresses WHERE name = $1 AND address = $2 AND last_ms > $3";
                let values = vec![text(name), text(address), Value::Number(now_ms - times.known_ms)];
                let known = connection.fetch(CONTEXT, sql, values).await?;
                Ok(SignInCounts {
                    of_name: of_name - 1,
                    of_address: of_address - 1,
                    is_known: !known.is_empty(),
                })
            })
        })
        .await
    }

    /// Counts a code of the second factor as wrong before its check. Returns whether the code may be checked: `limit`
    /// codes, then one more after each `pause_ms`. Each known address has its own count. Without a name there is no
    /// limit, and the call takes equally long.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn count_code(
        &self,
        name: Option<&str>,
        known_address: Option<&str>,
        limit: i64,
        pause_ms: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let kind = match (name, known_address) {
            (None, _) => "none".to_owned(),
            (Some(_), None) => "code".to_owned(),
            (Some(_), Some(address)) => of_known_address(address),
        };
        let limit = if name.is_some() { limit } else { i64::MAX };
        let name = name.unwrap_or_default().to_owned();
        self.exclusive(move |connection| {
            Box::pin(async move {
                let sql = "INSERT INTO sign_in_failures (kind, subject, failures, last_ms) VALUES ($1, $2, 1, $3) ON \
                           CONFLICT (kind, subject) DO UPDATE SET failures = sign_in_failures.failures + 1, last_ms = \
                           excluded.last_ms WHERE sign_in_failures.failures < $4 OR sign_in_failures.last_ms <= $5";
                let numbers = [now_ms, limit, now_ms - pause_ms].map(Value::Number);
                let values = [text(kind), text(name)].into_iter().chain(numbers).collect();
                Ok(connection.execute(CONTEXT, sql, values).await? == 1)
            })
        })
        .await
    }

    /// Deletes the counts of an account after a sign-in, and records the address as known.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn forget_failures(&self, name: &str, address: &str, now_ms: i64) -> Result<(), StoreError> {
        let (name, address) = (name.to_owned(), address.to_owned());
        self.exclusive(move |connection| {
            Box::pin(async move {
                let own = of_known_address(&address);
                for (kind, subject) in
                    [("name", &name), ("code", &name), (&*own, &name), ("address", &address)]
                {
                    let sql = "DELETE FROM sign_in_failures WHERE kind = $1 AND subject = $2";
                    connection.execute(CONTEXT, sql, vec![text(kind), text(subject)]).await?;
                }
                let sql = "INSERT INTO staff_addresses (name, address, last_ms) VALUES ($1, $2, $3) ON CONFLICT \
                           (name, address) DO UPDATE SET last_ms = excluded.last_ms";
                let values = vec![text(name), text(address), Value::Number(now_ms)];
                connection.execute(CONTEXT, sql, values).await.map(drop)
            })
        })
        .await
    }

    /// Deletes the counts, the known addresses and the sessions of an account that was reset or removed.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn forget_account(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.exclusive(move |connection| {
            Box::pin(async move {
                for sql in [
                    "DELETE FROM sign_in_failures WHERE subject = $1 AND kind <> 'address'",
                    "DELETE FROM staff_addresses WHERE name = $1",
                    "DELETE FROM staff_sessions WHERE name = $1",
                ] {
                    connection.execute(CONTEXT, sql, vec![text(&name)]).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// The kind of the count of wrong codes from a known address.
fn of_known_address(address: &str) -> String {
    format!("code@{address}")
}

/// Counts one more failure. Returns how many there are; the count starts again if the last failure was before
/// `since_ms`.
async fn count(
    connection: &mut Connection,
    kind: &'static str,
    subject: &str,
    now_ms: i64,
    since_ms: i64,
) -> Result<i64, StoreError> {
    let sql = "INSERT INTO sign_in_failures (kind, subject, failures, last_ms) VALUES ($1, $2, 1, $3) ON CONFLICT (kind, \
               subject) DO UPDATE SET failures = CASE WHEN sign_in_failures.last_ms < $4 THEN 1 ELSE \
               sign_in_failures.failures + 1 END, last_ms = excluded.last_ms RETURNING failures";
    let values = vec![text(kind), text(subject), Value::Number(now_ms), Value::Number(since_ms)];
    rows::number(&connection.fetch_one(CONTEXT, sql, values).await?, "failures")
}
