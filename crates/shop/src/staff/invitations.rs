//! Invitations: a staff member sets the password and the second factor with a link that works once. So the owner never
//! sees them.

use model::audit::AuditAction;
use store::{NewCredentials, Update};

use super::{
    Enrolment, Role, Staff, StaffName, accounts::NAME_IN_USE, password, recovery, sessions::id_of, totp,
};
use crate::{ShopError, StaffAccounts, ids::nonce};

/// How long an invitation by an owner is valid, ms.
const INVITED_MS: i64 = 3 * 24 * 3_600_000;

/// How long a staff member may take to set up a new second factor, ms.
pub(super) const RENEWAL_MS: i64 = 15 * 60_000;

/// The token of an invitation. Only the link contains it; the database has a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(pub String);

/// Does not print the token.
impl std::fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationToken")
    }
}

/// What the page of an invitation shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The name of the account.
    pub name: StaffName,
    /// The second factor to set up.
    pub enrolment: Enrolment,
    /// Whether the person may omit the second factor: only in a trial on this machine.
    pub is_code_optional: bool,
    /// Whether the account keeps its password: the person asked for a new second factor only.
    pub keeps_password: bool,
}

/// The result of an accepted invitation.
#[derive(Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Whether the account kept its password.
    pub keeps_password: bool,
    /// The recovery codes, to show once. Empty without a second factor.
    pub recovery_codes: Vec<String>,
}

/// Does not print the codes.
impl std::fmt::Debug for Accepted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accepted").field("keeps_password", &self.keeps_password).finish_non_exhaustive()
    }
}

impl StaffAccounts {
    /// Adds an account without a password, and creates its invitation.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] for a name that is taken; or a failing database.
    pub async fn invite(
        &self,
        staff: &Staff,
        name: &StaffName,
        role: Role,
    ) -> Result<InvitationToken, ShopError> {
        let new = self.no_credentials();
        let account = Update::insert_staff(name.as_str(), role.as_str(), new, self.clock.now_ms());
        let (token, invitation) = self.invitation_update(name, INVITED_MS);
        let detail = format!("{name}, {role}");
        self.edit_staff(staff, AuditAction::InviteStaff, detail, vec![account, invitation], NAME_IN_USE)
            .await?;
        Ok(token)
    }

    /// Deletes the password and the second factor of an account, ends its sessions, and creates a new invitation.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], or a failing database.
    pub async fn invite_again(&self, staff: &Staff, name: &StaffName) -> Result<InvitationToken, ShopError> {
        let account = Update::staff_credentials(name.as_str(), self.no_credentials(), self.clock.now_ms());
        let (token, invitation) = self.invitation_update(name, INVITED_MS);
        let updates = vec![account, invitation];
        self.edit_staff(staff, AuditAction::ResetStaff, name.to_string(), updates, ShopError::NotFound)
            .await?;
        self.store.forget_account(name.as_str()).await?;
        Ok(token)
    }

    /// The invitation with this token.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] if it was used or replaced, or has expired; or a failing database.
    pub async fn invitation(&self, token: &str) -> Result<Invitation, ShopError> {
        let record = self.store.staff_invitation(&id_of(token), self.clock.now_ms()).await?;
        let record = record.ok_or(ShopError::NotFound)?;
        let name: StaffName = record.name.parse().map_err(|_| ShopError::NotFound)?;
        let secret = self.store.open_totp(name.as_str(), &record.totp)?;
        // an account with a password has an invitation only if it asked for a new second factor
        let account = self.store.staff(Some(name.as_str())).await?.pop();
        let keeps_password = account.is_some_and(|account| !account.password.is_empty());
        let is_code_optional = self.settings.is_on_this_machine() && !keeps_password;
        Ok(Invitation { enrolment: self.enrolment(&name, secret), name, is_code_optional, keeps_password })
    }

    /// Sets the password and the second factor of an invited person. The code proves that the authenticator app has the
    /// secret. `password` is empty if the account keeps its password.
    ///
    /// # Errors
    /// As [`StaffAccounts::invitation`]; [`ShopError::Invalid`] for a password of a wrong length or a wrong code. The
    /// invitation then stays valid.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: &str,
        code: &str,
    ) -> Result<Accepted, ShopError> {
        let invitation = self.invitation(token).await?;
        let Invitation { name, enrolment, is_code_optional, keeps_password } = invitation;
        let known = self.store.staff(Some(name.as_str())).await?.pop().map(|row| row.password);
        let known = known.filter(|_| keeps_password && password.is_empty());
        if known.is_none() {
            password::check_new_password(password)?;
        }
        let now_ms = self.clock.now_ms();
        let (totp, codes) = if is_code_optional && code.trim().is_empty() {
            (String::new(), Vec::new())
        } else {
            let step = totp::step_of(&enrolment.secret, code, now_ms.div_euclid(1000), 0);
            step.ok_or(WRONG_CODE)?;
            let totp = self.store.seal_totp(name.as_str(), &enrolment.secret);
            (totp, recovery::new_codes(&*self.ids))
        };
        let recovery_codes = recovery::hashes(&enrolment.secret, &codes);
        let password = match known {
            Some(known) => known,
            None => self.hash_password(password.to_owned()).await?,
        };
        let credential_version = nonce(&*self.ids);
        let new = NewCredentials { password, totp, recovery_codes, credential_version };
        let updates = vec![
            Update::use_staff_invitation(&id_of(token), now_ms),
            Update::staff_credentials(name.as_str(), new, now_ms),
        ];
        let audit = self.audit.record(name.as_str(), AuditAction::AcceptInvitation, "");
        if !self.store.apply_audited("accepting an invitation", updates, vec![audit]).await? {
            return Err(ShopError::NotFound);
        }
        self.store.forget_account(name.as_str()).await?;
        Ok(Accepted { keeps_password, recovery_codes: codes })
    }

    /// The token of a new invitation that is valid for `for_ms`, and the update that stores it. It replaces an earlier
    /// invitation.
    pub(super) fn invitation_update(&self, name: &StaffName, for_ms: i64) -> (InvitationToken, Update) {
        let token = nonce(&*self.ids);
        let totp = self.store.seal_totp(name.as_str(), &self.new_enrolment(name).secret);
        let expires_ms = self.clock.now_ms() + for_ms;
        let update = Update::insert_staff_invitation(&id_of(&token), name.as_str(), &totp, expires_ms);
        (InvitationToken(token), update)
    }

    /// Empty credentials: no password matches an empty hash.
    fn no_credentials(&self) -> NewCredentials {
        let credential_version = nonce(&*self.ids);
        let (password, totp, recovery_codes) = (String::new(), String::new(), Vec::new());
        NewCredentials { password, totp, recovery_codes, credential_version }
    }
}

const WRONG_CODE: ShopError = ShopError::invalid(
    "动态验证码不对：请用验证器应用扫描本页的二维码，再输入它显示的 6 位数字",
    "The one-time code is wrong. Scan the QR code of this page with an authenticator app, then type its 6 digits.",
);
