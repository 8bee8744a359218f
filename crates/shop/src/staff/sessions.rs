//! Who is signed in to the console. A session is a row: signing out deletes it.

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{Right, Staff, StaffName};
use crate::{
    Shop, ShopError, Store, StoreError,
    store::{Edit, Value, text},
};

/// How long a session lasts: a working day. Seconds.
pub const STAFF_SESSION_S: i64 = 8 * 3600;

/// How a session's token is stored: whoever reads the database cannot use it.
fn id_of(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// The statement that writes a new session.
pub(super) fn begin(token: &str, name: &str, generation: &str, address: &str, now_ms: i64) -> Edit {
    let sql = "INSERT INTO staff_sessions (id, name, generation, address, created_ms, expires_ms) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        text(id_of(token)),
        text(name),
        text(generation),
        text(address),
        Value::Number(now_ms),
        Value::Number(now_ms + STAFF_SESSION_S * 1000),
    ];
    Edit::new(sql, values)
}

impl Shop {
    /// Who a session's token is of, if the session has not ended and the account has not changed since.
    ///
    /// # Errors
    /// A failing database.
    pub async fn signed_in(&self, token: &str) -> Result<Option<Staff>, ShopError> {
        let sql = format!(
            "SELECT a.name, a.role FROM staff_sessions s JOIN staff a ON a.name = s.name AND a.generation = s.generation \
             WHERE s.id = $1 AND s.expires_ms > {}",
            self.clock().now_ms()
        );
        let rows = self.store().select(sql, &[&id_of(token)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let doing = "reading a session";
        let word = |at: usize| row.try_get::<String, _>(at).map_err(StoreError::during(doing));
        Ok(Some(Staff {
            name: word(0)?.parse().map_err(StoreError::during(doing))?,
            role: word(1)?.parse().map_err(StoreError::during(doing))?,
        }))
    }

    /// Somebody signs out: their session ends on every server, and it is written down.
    ///
    /// # Errors
    /// A failing database.
    pub async fn sign_out(&self, staff: &Staff, token: &str) -> Result<(), ShopError> {
        let edit = Edit::new("DELETE FROM staff_sessions WHERE id = $1", [text(id_of(token))]);
        let audit = self.audit_row(staff.name.as_str(), "sign out", "");
        // a session that has ended meanwhile is no error
        self.store().edit("signing out", vec![edit], audit).await?;
        Ok(())
    }

    /// Ends every session of somebody: for an owner, where a device was lost.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn end_sessions(&self, staff: &Staff, name: &StaffName) -> Result<(), ShopError> {
        staff.check(Right::Staff)?;
        self.store().end_sessions(name.as_str()).await?;
        self.audit(staff.name.as_str(), "end sessions", name.to_string()).await
    }
}

impl Store {
    async fn end_sessions(&self, name: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM staff_sessions WHERE name = $1";
        self.change("ending sessions", sql, vec![text(name)]).await
    }

    /// The account generation of each open session.
    pub(super) async fn open_sessions(&self, now_ms: i64) -> Result<Vec<String>, StoreError> {
        let sql = format!("SELECT generation FROM staff_sessions WHERE expires_ms > {now_ms}");
        let rows = self.select(sql, &[]).await?;
        let generations: Result<_, sqlx::Error> = rows.iter().map(|row| row.try_get(0)).collect();
        generations.map_err(StoreError::during("reading sessions"))
    }

    /// Deletes the sessions that are over.
    pub(super) async fn sweep_sessions(&self, now_ms: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM staff_sessions WHERE expires_ms <= $1";
        self.change("deleting old sessions", sql, vec![Value::Number(now_ms)]).await
    }
}
