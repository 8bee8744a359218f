//! Links with which people of the shop set their own password and second factor. An account has one at most.

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
    /// The secret of the new second factor as it is stored: see [`Store::seal_totp`].
    pub totp: String,
}

impl Store {
    /// The invitation with this id, if its time is not over.
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

/// The begin and the end of an invitation.
impl Update {
    /// Adds the invitation of an account, in the place of an earlier one. `id` is the hash of the link's token.
    #[must_use]
    pub fn insert_staff_invitation(id: &str, name: &str, totp: &str, expires_ms: i64) -> Self {
        let sql = "INSERT INTO staff_invitations (name, id, totp, expires_ms) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET id = excluded.id, totp = excluded.totp, \
                   expires_ms = excluded.expires_ms";
        Self::new(sql, [text(name), text(id), text(totp), Value::Number(expires_ms)])
    }

    /// Uses up an invitation, if its time is not over.
    #[must_use]
    pub fn use_staff_invitation(id: &str, now_ms: i64) -> Self {
        let sql = "DELETE FROM staff_invitations WHERE id = $1 AND expires_ms > $2";
        Self::new(sql, [text(id), Value::Number(now_ms)])
    }
}
