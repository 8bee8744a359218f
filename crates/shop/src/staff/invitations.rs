//! Invitations: a person sets the own password and second factor with a link that is valid once. So an owner never sees them.

use model::audit::AuditAction;
use store::{NewCredentials, Update};

use super::{
    Enrolment, Role, Staff, StaffName, accounts::NAME_IN_USE, password, recovery, sessions::id_of, totp,
};
use crate::{ShopError, StaffAccounts, ids::nonce};

/// How long the link of an owner is valid, ms.
const INVITED_MS: i64 = 3 * 24 * 3_600_000;

/// How long a person may take to set up a new second factor of the own account, ms.
pub(super) const RENEWAL_MS: i64 = 15 * 60_000;

/// The token of an invitation. Only the link contains it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(pub String);

/// Does not print the token.
impl std::fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationToken")
    }
}

/// What an invited person sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The name of the account.
    pub name: StaffName,
    /// The second factor to set up.
    pub enrolment: Enrolment,
    /// Whether the person may leave the second factor out: only while the shop is tried on this machine.
    pub is_code_optional: bool,
    /// Whether the account keeps its password: the person asked for a new second factor only.
    pub keeps_password: bool,
}

/// What an invited person has set.
#[derive(Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Whether the account kept its password.
    pub keeps_password: bool,
    /// The recovery codes of the second factor, to show once. None without a second factor.
    pub recovery_codes: Vec<String>,
}

/// Does not print the codes.
impl std::fmt::Debug for Accepted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accepted").field("keeps_password", &self.keeps_password).finish_non_exhaustive()
    }
}

impl StaffAccounts {
    /// Adds an account without a password, and invites its person.
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

    /// Deletes the password and the second factor of an account, ends its sessions, and invites its person again.
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

    /// The invitation of a link.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] if it was used, replaced, or its time is over; or a failing database.
    pub async fn invitation(&self, token: &str) -> Result<Invitation, ShopError> {
        let record = self.store.staff_invitation(&id_of(token), self.clock.now_ms()).await?;
        let record = record.ok_or(ShopError::NotFound)?;
        let name: StaffName = record.name.parse().map_err(|_| ShopError::NotFound)?;
        let secret = self.store.open_totp(name.as_str(), &record.totp)?;
        // only the own account asks for an invitation while it has a password
        let account = self.store.staff(Some(name.as_str())).await?.pop();
        let keeps_password = account.is_some_and(|account| !account.password.is_empty());
        let is_code_optional = self.settings.is_on_this_machine() && !keeps_password;
        Ok(Invitation { enrolment: self.enrolment(&name, secret), name, is_code_optional, keeps_password })
    }

    /// Sets the password and the second factor of an invited person. The code shows that the authenticator app has the secret.
    /// If the account keeps its password, `password` is empty.
    ///
    /// # Errors
    /// As [`StaffAccounts::invitation`]; [`ShopError::Invalid`] for a password of a wrong length or a wrong code. The
    /// invitation stays valid then.
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

    /// A new invitation of an account, valid for `for_ms`. It replaces an earlier one.
    pub(super) fn invitation_update(&self, name: &StaffName, for_ms: i64) -> (InvitationToken, Update) {
        let token = nonce(&*self.ids);
        let totp = self.store.seal_totp(name.as_str(), &self.new_enrolment(name).secret);
        let expires_ms = self.clock.now_ms() + for_ms;
        let update = Update::insert_staff_invitation(&id_of(&token), name.as_str(), &totp, expires_ms);
        (InvitationToken(token), update)
    }

    /// No password verifies against an empty hash.
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
