//! Staff manage their own account: password, second factor, sessions.

use std::net::IpAddr;

use model::audit::AuditAction;
use store::Update;

use super::{InvitationToken, Staff, invitations::RENEWAL_MS, password, sessions::id_of};
use crate::{ShopError, StaffAccounts, ids::nonce};

/// An open session of the staff member's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// The id of the session: the hash of its token.
    pub id: String,
    /// The IP address, or its network, from where the person signed in.
    pub address: String,
    /// The browser and the system; empty if they are not known.
    pub device: String,
    /// When, ms.
    pub since_ms: i64,
    /// Whether the current request belongs to it.
    pub is_this: bool,
}

impl StaffAccounts {
    /// Changes the staff member's own password, and ends all sessions of the account.
    ///
    /// # Errors
    /// [`ShopError::SignIn`] or [`ShopError::SecondFactorPaused`] if the current password or the code is wrong;
    /// [`ShopError::Invalid`] for a new password of a wrong length; or a failing database.
    pub async fn change_password(
        &self,
        staff: &Staff,
        current: &str,
        code: &str,
        new: &str,
        ip: IpAddr,
    ) -> Result<(), ShopError> {
        password::check_new_password(new)?;
        let mut person = self.authenticate(staff.name.as_str(), current, code, ip).await?;
        let (hash, version) = (self.hash_password(new.to_owned()).await?, nonce(&*self.ids));
        let now_ms = self.clock.now_ms();
        let row = &person.row;
        let change = Update::staff_password(&row.name, &row.credential_version, &hash, &version, now_ms);
        person.updates.push(change);
        self.apply_authenticated("changing a password", person, ip, AuditAction::ChangePassword).await
    }

    /// Creates an invitation to set up a new second factor. The old second factor is valid until the invitation is
    /// accepted.
    ///
    /// # Errors
    /// As [`StaffAccounts::change_password`].
    pub async fn renew_second_factor(
        &self,
        staff: &Staff,
        current: &str,
        code: &str,
        ip: IpAddr,
    ) -> Result<InvitationToken, ShopError> {
        let mut person = self.authenticate(staff.name.as_str(), current, code, ip).await?;
        let (token, invitation) = self.invitation_update(&staff.name, RENEWAL_MS);
        person.updates.push(invitation);
        let action = AuditAction::RenewSecondFactor;
        self.apply_authenticated("renewing a second factor", person, ip, action).await?;
        Ok(token)
    }

    /// The open sessions of the staff member's own account, the newest first. `token` is the token of the current
    /// session.
    ///
    /// # Errors
    /// A failing database.
    pub async fn own_sessions(&self, staff: &Staff, token: &str) -> Result<Vec<OwnSession>, ShopError> {
        let this = id_of(token);
        let records = self.store.staff_sessions_of(staff.name.as_str(), self.clock.now_ms()).await?;
        let sessions = records.into_iter().map(|record| OwnSession {
            is_this: record.id == this,
            id: record.id,
            address: record.address,
            device: record.device,
            since_ms: record.created_ms,
        });
        Ok(sessions.collect())
    }

    /// Ends a session of the staff member's own account.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] if the account has no such session, or a failing database.
    pub async fn end_own_session(&self, staff: &Staff, id: &str) -> Result<(), ShopError> {
        let update = Update::delete_staff_session_of(staff.name.as_str(), id);
        let audit = self.audit.record(staff.name.as_str(), AuditAction::EndSessions, staff.name.to_string());
        if self.store.apply_audited("ending a session", vec![update], vec![audit]).await? {
            Ok(())
        } else {
            Err(ShopError::NotFound)
        }
    }
}
