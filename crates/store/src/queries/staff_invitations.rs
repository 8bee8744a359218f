//! Invitations: links with which staff set their own password and second factor. An account has at most one.

use crate::{
    Store, StoreError, Update,
    driver::{Value, text},
    rows,
};

/// An invitation that can still be used.
#[derive(Clone)]
pub struct StaffInvitationRecord {
    /// The name of the account.
    pub name: String,
    /// The stored secret of the new second factor: see [`Store::seal_totp`].
    pub totp: String,
}

impl Store {
    /// The invitation with this id; `None` if it was used, replaced or has expired.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn staff_invitation(
        &self,
        id: &str,
        now_ms: i64,
    ) -> Result<Option<StaffInvitationRecord>, StoreError> {
        let sql = format!("SELECT name, totp FROM staff_invitations WHERE id = $1 AND expires_ms > {now_ms}");
        let read = |row| {
            Ok(StaffInvitationRecord { name: rows::text(row, "name")?, totp: rows::text(row, "totp")? })
        };
        self.select(sql, &[id]).await?.first().map(read).transpose()
    }
}

/// Adds and uses invitations.
impl Update {
    /// Adds the invitation of an account, or replaces the earlier one. `id` is the hash of the token in the link.
    #[must_use]
    pub fn insert_staff_invitation(id: &str, name: &str, totp: &str, expires_ms: i64) -> Self {
        let sql = "INSERT INTO staff_invitations (name, id, totp, expires_ms) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET id = excluded.id, totp = excluded.totp, \
                   expires_ms = excluded.expires_ms";
        Self::new(sql, [text(name), text(id), text(totp), Value::Number(expires_ms)])
    }

    /// Deletes a used invitation. Changes no row if it has expired.
    #[must_use]
    pub fn use_staff_invitation(id: &str, now_ms: i64) -> Self {
        let sql = "DELETE FROM staff_invitations WHERE id = $1 AND expires_ms > $2";
        Self::new(sql, [text(id), Value::Number(now_ms)])
    }
}
