//! The sign-in to the console. An unknown name, a wrong password and a wrong code have the same answer after the same time.
//! Only a person who knows the password can see that the second factor is paused.

use std::net::IpAddr;

use model::audit::AuditAction;
use store::{StaffRecord, StaffSessionRecord, Update};

use super::{
    STAFF_SESSION_S, Staff, StaffName, accounts::staff_of, device::device, failures, recovery, sessions, totp,
};
use crate::{ShopError, StaffAccounts, client_address::limit_key, ids::nonce};

/// A staff member who has signed in, with the token of the session. Only the cookie contains the token; the database
/// has a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The staff member.
    pub staff: Staff,
    /// The token for [`StaffAccounts::signed_in`].
    pub token: String,
}

/// Does not print the token.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// An account whose name, password and code were right.
pub(super) struct Authenticated {
    pub(super) row: StaffRecord,
    /// The updates that mark the code as used.
    pub(super) updates: Vec<Update>,
    /// Whether the code is a recovery code.
    pub(super) used_recovery_code: bool,
}

/// The text in the audit log after the address, if only the code was wrong.
pub(super) const WRONG_CODE: &str = "right password, wrong code";

impl StaffAccounts {
    /// Signs a staff member in by name, password and the code of the second factor, or a recovery code. A code counts once.
    /// The audit records both outcomes. After many failures of the name or the address the answer takes some seconds longer;
    /// only many wrong codes after the right password refuse further sign-ins, for an hour. `user_agent` is the browser's header; it may be empty.
    ///
    /// # Errors
    /// [`ShopError::SignIn`] for all refusals, except [`ShopError::SecondFactorPaused`] for the right password after
    /// many wrong codes; [`ShopError::NotAllowed`] for a role that this version does not know; or a failing database.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        code: &str,
        ip: IpAddr,
        user_agent: &str,
    ) -> Result<SignedIn, ShopError> {
        let mut person = self.authenticate(name, password, code, ip).await?;
        let row = &person.row;
        let staff = staff_of(&row.name, &row.role)?;
        let (token, address, now_ms) = (nonce(&*self.ids), limit_key(ip), self.clock.now_ms());
        let session = StaffSessionRecord {
            id: sessions::id_of(&token),
            address: address.clone(),
            device: device(user_agent),
            created_ms: now_ms,
        };
        let expires_ms = now_ms + STAFF_SESSION_S * 1000;
        let begin = Update::insert_staff_session(&session, &row.name, &row.credential_version, expires_ms);
        person.updates.push(begin);
        self.apply_authenticated("signing in", person, ip, AuditAction::SignIn).await?;
        self.store.forget_failures(staff.name.as_str(), &address, now_ms).await?;
        self.store.delete_expired_staff_sessions(now_ms).await?;
        Ok(SignedIn { staff, token })
    }

    /// Checks name, password and code, and counts failures. The caller must apply the updates, which mark the code as
    /// used, with [`StaffAccounts::apply_authenticated`].
    ///
    /// # Errors
    /// As [`StaffAccounts::sign_in`].
    pub(super) async fn authenticate(
        &self,
        name: &str,
        password: &str,
        code: &str,
        ip: IpAddr,
    ) -> Result<Authenticated, ShopError> {
        let name: Option<StaffName> = name.trim().parse().ok();
        // an invalid name may be a password in the wrong field, so the audit log must not contain it
        let who = name.as_ref().map_or("?", StaffName::as_str);
        let address = limit_key(ip);
        let counts = self.store.count_sign_in(who, &address, failures::TIMES, self.clock.now_ms()).await?;
        if failures::is_alarming(counts) {
            tracing::error!(name = who, %ip, "many sign-ins fail for this name: further ones are slowed down");
        }
        tokio::time::sleep(failures::delay(counts)).await;
        let row = match &name {
            Some(name) => self.store.staff(Some(name.as_str())).await?.pop(),
            None => None,
        };
        // an invited person has no password yet
        let known = row.as_ref().map(|row| row.password.clone()).filter(|hash| !hash.is_empty());
        let right = self.verify_password(password.to_owned(), known).await?;
        let row = row.filter(|_| right);
        let has_code = row.as_ref().is_some_and(|row| !row.totp.is_empty());
        let known_address = counts.is_known.then_some(&*address);
        let may_try = self.may_try_code(has_code.then_some(who), known_address).await?;
        let Some(row) = row else {
            self.audit.write(who, AuditAction::SignInRefused, ip.to_string()).await?;
            return Err(ShopError::SignIn);
        };
        if !may_try {
            tracing::error!(
                name = who, %ip,
                "a person knows this password and has typed many wrong codes: the second factor is paused for an hour. \
                 If it was not the account's owner, reset the account"
            );
            self.audit.write(who, AuditAction::SignInRefused, format!("{ip}, {WRONG_CODE}, paused")).await?;
            return Err(ShopError::SecondFactorPaused);
        }
        match self.second_factor(&row, code, self.clock.now_ms())? {
            Some((updates, used_recovery_code)) => Ok(Authenticated { row, updates, used_recovery_code }),
            None => Err(self.refuse_code(who, ip).await?),
        }
    }

    /// Applies the updates of an authenticated person with audit rows. Refuses if another request has used the code
    /// meanwhile.
    ///
    /// # Errors
    /// [`ShopError::SignIn`], or a failing database.
    pub(super) async fn apply_authenticated(
        &self,
        context: &'static str,
        person: Authenticated,
        ip: IpAddr,
        action: AuditAction,
    ) -> Result<(), ShopError> {
        let Authenticated { row, updates, used_recovery_code } = person;
        let name = &row.name;
        let code = used_recovery_code.then_some(AuditAction::UseRecoveryCode);
        let actions = code.into_iter().chain([action]);
        let audits = actions.map(|action| self.audit.record(name, action, ip.to_string())).collect();
        if self.store.apply_audited(context, updates, audits).await? {
            return Ok(());
        }
        Err(self.refuse_code(name, ip).await?)
    }

    /// Writes that the code was wrong. Returns the error for the caller.
    async fn refuse_code(&self, name: &str, ip: IpAddr) -> Result<ShopError, ShopError> {
        tracing::warn!(name, %ip, "a sign-in with the right password and a wrong code");
        self.audit.write(name, AuditAction::SignInRefused, format!("{ip}, {WRONG_CODE}")).await?;
        Ok(ShopError::SignIn)
    }

    /// Counts a try of the second factor, and says whether it is allowed. It runs for wrong passwords too, with `None`, so that
    /// they take the same time. A known address has its own limit: a stranger's tries do not pause the owner.
    async fn may_try_code(&self, name: Option<&str>, known_address: Option<&str>) -> Result<bool, ShopError> {
        let (limit, pause_ms) = (failures::WRONG_CODES, failures::CODE_PAUSE_MS);
        let now_ms = self.clock.now_ms();
        Ok(self.store.count_code(name, known_address, limit, pause_ms, now_ms).await?)
    }

    /// Checks the code of the second factor. Returns the updates that mark it as used, and whether it is a recovery
    /// code; `None` if the code is wrong or was used.
    fn second_factor(
        &self,
        row: &StaffRecord,
        code: &str,
        now_ms: i64,
    ) -> Result<Option<(Vec<Update>, bool)>, ShopError> {
        if row.totp.is_empty() {
            // an account without a second factor is only valid in a trial on this machine
            return Ok(self.settings.is_on_this_machine().then(|| (Vec::new(), false)));
        }
        let secret = self.store.open_totp(&row.name, &row.totp)?;
        let (name, version) = (&row.name, &row.credential_version);
        if let Some(hash) = recovery::hash_of(&secret, code) {
            let is_known = row.recovery_codes.contains(&hash);
            return Ok(is_known.then(|| (vec![Update::use_recovery_code(name, version, &hash)], true)));
        }
        let step = totp::step_of(&secret, code, now_ms.div_euclid(1000), row.totp_step);
        Ok(step.map(|step| (vec![Update::use_totp_step(name, version, step)], false)))
    }
}
