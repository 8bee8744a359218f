//! The sessions of the console. A session is a row; the sign-out deletes it.

use model::audit::AuditAction;
use sha2::{Digest, Sha256};
use store::Update;

use super::{Right, Staff, StaffName, accounts::staff_of};
use crate::{ShopError, StaffAccounts};

/// The lifetime of a session, seconds: a working day.
pub const STAFF_SESSION_S: i64 = 8 * 3600;

/// The stored form of a token: a hash, which a reader of the database cannot use.
pub(super) fn id_of(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

impl StaffAccounts {
    /// The staff member of a session; `None` if the session has ended.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`] for a role that this version does not know, or a failing database.
    pub async fn signed_in(&self, token: &str) -> Result<Option<Staff>, ShopError> {
        let session = self.store.staff_session(&id_of(token), self.clock.now_ms()).await?;
        session.map(|(name, role)| staff_of(&name, &role)).transpose()
    }

    /// Ends a session on all servers. Writes an audit row.
    ///
    /// # Errors
    /// A failing database.
    pub async fn sign_out(&self, staff: &Staff, token: &str) -> Result<(), ShopError> {
        let update = Update::delete_staff_session(&id_of(token));
        let audit = self.audit.record(staff.name.as_str(), AuditAction::SignOut, "");
        // the session may have ended already
        self.store.apply_audited("signing out", vec![update], vec![audit]).await?;
        Ok(())
    }

    /// Ends all sessions of an account. Owners use it after a device was lost.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn end_sessions(&self, staff: &Staff, name: &StaffName) -> Result<(), ShopError> {
        staff.check(Right::Staff)?;
        self.store.end_staff_sessions(name.as_str()).await?;
        self.audit.write(staff.name.as_str(), AuditAction::EndSessions, name.to_string()).await
    }
}
