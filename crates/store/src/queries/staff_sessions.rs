//! The sessions of the console. A session is a row. It ends when the row is deleted, when it expires, or when the
//! credential version of the account changes.

use crate::{
    Store, StoreError, Update,
    driver::{Value, text},
    rows,
};

/// An open session of the console.
#[derive(Clone, Debug)]
pub struct StaffSessionRecord {
    /// The hash of its token.
    pub id: String,
    /// The IP address, or its network, from where the person signed in.
    pub address: String,
    /// The browser and the system, in words; empty if they are not known.
    pub device: String,
    /// When, ms.
    pub created_ms: i64,
}

impl Store {
    /// The name and the role of the account of a session; `None` if the session has ended.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn staff_session(&self, id: &str, now_ms: i64) -> Result<Option<(String, String)>, StoreError> {
        let sql = format!(
            "SELECT a.name AS name, a.role AS role FROM staff_sessions s JOIN staff a ON a.name = s.name \
             AND a.generation = s.generation WHERE s.id = $1 AND s.expires_ms > {now_ms}"
        );
        let rows = self.select(sql, &[id]).await?;
        rows.first().map(|row| Ok((rows::text(row, "name")?, rows::text(row, "role")?))).transpose()
    }

    /// The credential version of each session that has not expired.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_staff_sessions(&self, now_ms: i64) -> Result<Vec<String>, StoreError> {
        let sql = format!("SELECT generation FROM staff_sessions WHERE expires_ms > {now_ms}");
        self.select(sql, &[]).await?.iter().map(|row| rows::text(row, "generation")).collect()
    }

    /// The open sessions of an account, the newest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn staff_sessions_of(
        &self,
        name: &str,
        now_ms: i64,
    ) -> Result<Vec<StaffSessionRecord>, StoreError> {
        let sql = format!(
            "SELECT s.id AS id, s.address AS address, s.device AS device, s.created_ms AS created_ms FROM staff_sessions s \
             JOIN staff a ON a.name = s.name AND a.generation = s.generation \
             WHERE s.name = $1 AND s.expires_ms > {now_ms} ORDER BY s.created_ms DESC, s.id"
        );
        let read = |row| {
            Ok(StaffSessionRecord {
                id: rows::text(row, "id")?,
                address: rows::text(row, "address")?,
                device: rows::text(row, "device")?,
                created_ms: rows::number(row, "created_ms")?,
            })
        };
        self.select(sql, &[name]).await?.iter().map(read).collect()
    }

    /// Deletes all sessions of an account.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn end_staff_sessions(&self, name: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM staff_sessions WHERE name = $1";
        self.execute("ending sessions", sql, vec![text(name)]).await
    }

    /// Deletes expired sessions.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn delete_expired_staff_sessions(&self, now_ms: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM staff_sessions WHERE expires_ms <= $1";
        self.execute("deleting old sessions", sql, vec![Value::Number(now_ms)]).await
    }
}

/// Adds and deletes sessions.
impl Update {
    /// Adds a session of an account.
    #[must_use]
    pub fn insert_staff_session(
        session: &StaffSessionRecord,
        name: &str,
        credential_version: &str,
        expires_ms: i64,
    ) -> Self {
        let sql = "INSERT INTO staff_sessions (id, name, generation, address, device, created_ms, expires_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let texts = [&*session.id, name, credential_version, &session.address, &session.device].map(text);
        Self::new(sql, texts.into_iter().chain([session.created_ms, expires_ms].map(Value::Number)))
    }

    /// Deletes a session.
    #[must_use]
    pub fn delete_staff_session(id: &str) -> Self {
        Self::new("DELETE FROM staff_sessions WHERE id = $1", [text(id)])
    }

    /// Deletes a session, if it belongs to this account.
    #[must_use]
    pub fn delete_staff_session_of(name: &str, id: &str) -> Self {
        Self::new("DELETE FROM staff_sessions WHERE name = $1 AND id = $2", [text(name), text(id)])
    }
}
