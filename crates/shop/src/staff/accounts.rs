//! The accounts of the staff. Owners add, change and remove them; `server staff` adds the first owner.

use model::audit::AuditAction;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::{NewCredentials, StoreError, Update};

use super::{Right, Role, Staff, StaffName, password, recovery, totp::base32};
use crate::{ShopError, StaffAccounts, ids::nonce};

/// An account in the list of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffAccount {
    /// The name.
    pub name: StaffName,
    /// The role; `None` if this version does not know it. The person cannot sign in then.
    pub role: Option<Role>,
    /// Whether the account has a second factor.
    pub has_totp: bool,
    /// Whether the account has a password. An invited person has none yet.
    pub has_password: bool,
    /// When the account last changed, ms.
    pub changed_ms: i64,
    /// The number of open sessions.
    pub sessions: usize,
}

/// A new second factor. The page shows it only once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The base32 secret, to type into an authenticator app.
    pub secret: String,
    /// The secret as an `otpauth` URI, for a QR code.
    pub uri: String,
    /// The recovery codes. Empty before the person has typed a code of the secret.
    pub recovery_codes: Vec<String>,
}

/// Does not print the secret.
impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

impl Staff {
    /// The actor for the command line of the server: an owner named `command-line`.
    ///
    /// # Panics
    /// Never: the name is valid.
    #[must_use]
    pub fn at_command_line() -> Self {
        Self { name: "command-line".parse().expect("it is a name"), role: Role::Owner }
    }
}

impl StaffAccounts {
    /// The accounts of the staff.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn list(&self, staff: &Staff) -> Result<Vec<StaffAccount>, ShopError> {
        staff.check(Right::Staff)?;
        let rows = self.store.staff(None).await?;
        let sessions = self.store.open_staff_sessions(self.clock.now_ms()).await?;
        rows.into_iter()
            .map(|row| {
                Ok(StaffAccount {
                    name: name_of(&row.name)?,
                    role: row.role.parse().ok(),
                    has_totp: !row.totp.is_empty(),
                    has_password: !row.password.is_empty(),
                    changed_ms: row.changed_ms,
                    sessions: sessions.iter().filter(|version| **version == row.credential_version).count(),
                })
            })
            .collect()
    }

    /// Adds an account. Without a second factor only in a trial on this machine. Returns the second factor.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] for a password of a wrong length, a missing second factor, or
    /// a name that is taken; or a failing database.
    pub async fn add(
        &self,
        staff: &Staff,
        name: &StaffName,
        role: Role,
        password: &str,
        second_factor: bool,
    ) -> Result<Option<Enrolment>, ShopError> {
        let (new, enrolment) = self.credentials(staff, name, password, second_factor).await?;
        let update = Update::insert_staff(name.as_str(), role.as_str(), new, self.clock.now_ms());
        let detail = format!("{name}, {role}");
        self.edit_staff(staff, AuditAction::AddStaff, detail, vec![update], NAME_IN_USE).await?;
        Ok(enrolment)
    }

    /// Gives an account a new password and a new second factor, and ends its sessions. Returns the second factor.
    ///
    /// # Errors
    /// As [`StaffAccounts::add`]; [`ShopError::NotFound`].
    pub async fn reset(
        &self,
        staff: &Staff,
        name: &StaffName,
        password: &str,
        second_factor: bool,
    ) -> Result<Option<Enrolment>, ShopError> {
        let (new, enrolment) = self.credentials(staff, name, password, second_factor).await?;
        let update = Update::staff_credentials(name.as_str(), new, self.clock.now_ms());
        self.edit_staff(staff, AuditAction::ResetStaff, name.to_string(), vec![update], ShopError::NotFound)
            .await?;
        self.store.forget_account(name.as_str()).await?;
        Ok(enrolment)
    }

    /// Changes the role of an account, and ends its sessions. One owner must remain.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] for the last owner, or an unknown name; or a failing database.
    pub async fn change_role(&self, staff: &Staff, name: &StaffName, role: Role) -> Result<(), ShopError> {
        let (version, now_ms) = (nonce(&*self.ids), self.clock.now_ms());
        let update = Update::staff_role(name.as_str(), role.as_str(), &version, now_ms);
        let detail = format!("{name}, {role}");
        self.edit_staff(staff, AuditAction::ChangeRole, detail, vec![update], LAST_OWNER).await
    }

    /// Removes an account, and ends its sessions. One owner must remain.
    ///
    /// # Errors
    /// As [`StaffAccounts::change_role`].
    pub async fn remove(&self, staff: &Staff, name: &StaffName) -> Result<(), ShopError> {
        self.edit_staff(
            staff,
            AuditAction::RemoveStaff,
            name.to_string(),
            vec![Update::delete_staff(name.as_str())],
            LAST_OWNER,
        )
        .await?;
        Ok(self.store.forget_account(name.as_str()).await?)
    }

    pub(super) async fn edit_staff(
        &self,
        staff: &Staff,
        what: AuditAction,
        detail: String,
        updates: Vec<Update>,
        otherwise: ShopError,
    ) -> Result<(), ShopError> {
        staff.check(Right::Staff)?;
        let audit = self.audit.record(staff.name.as_str(), what, detail);
        if self.store.apply_audited("changing the staff", updates, vec![audit]).await? {
            Ok(())
        } else {
            Err(otherwise)
        }
    }

    /// Creates credentials: in the form for the database, and the second factor to show once.
    async fn credentials(
        &self,
        staff: &Staff,
        name: &StaffName,
        password: &str,
        second_factor: bool,
    ) -> Result<(NewCredentials, Option<Enrolment>), ShopError> {
        staff.check(Right::Staff)?;
        password::check_new_password(password)?;
        if !second_factor && !self.settings.is_on_this_machine() {
            return Err(ShopError::invalid(
                "只有在本机试用时才能不设动态验证码",
                "Only a trial on this machine may leave out the one-time code.",
            ));
        }
        let password = self.hash_password(password.to_owned()).await?;
        let credential_version = nonce(&*self.ids);
        if !second_factor {
            let (totp, recovery_codes) = (String::new(), Vec::new());
            return Ok((NewCredentials { password, totp, recovery_codes, credential_version }, None));
        }
        let codes = recovery::new_codes(&*self.ids);
        let enrolment = Enrolment { recovery_codes: codes, ..self.new_enrolment(name) };
        let totp = self.store.seal_totp(name.as_str(), &enrolment.secret);
        let recovery_codes = recovery::hashes(&enrolment.secret, &enrolment.recovery_codes);
        Ok((NewCredentials { password, totp, recovery_codes, credential_version }, Some(enrolment)))
    }

    /// Creates the secret of a second factor.
    pub(super) fn new_enrolment(&self, name: &StaffName) -> Enrolment {
        let mut bytes = [0; 20];
        self.ids.fill(&mut bytes);
        self.enrolment(name, base32(&bytes))
    }

    /// The secret in the forms that authenticator apps accept.
    pub(super) fn enrolment(&self, name: &StaffName, secret: String) -> Enrolment {
        let host = self.settings.public_url.split("://").nth(1).unwrap_or_default();
        // a colon would end the issuer in the URI
        let issuer = host.replace(':', "%3A");
        let account = utf8_percent_encode(name.as_str(), NON_ALPHANUMERIC);
        let uri = format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}");
        Enrolment { secret, uri, recovery_codes: Vec::new() }
    }
}

/// The error for a name that another account has.
pub(super) const NAME_IN_USE: ShopError = ShopError::invalid("这个名称已有人使用", "This name is in use.");

const LAST_OWNER: ShopError = ShopError::invalid(
    "没有这个人，或者这是最后一位店主",
    "There is no such person, or this is the last owner.",
);

/// The staff member with this name and this word of a role.
///
/// # Errors
/// [`ShopError::NotAllowed`] for a role that this version does not know: a newer version has given it.
pub(super) fn staff_of(name: &str, role: &str) -> Result<Staff, ShopError> {
    let known = role.parse().map_err(|_| {
        tracing::error!(
            name,
            role,
            "a role that this version does not know: run the newer version of the server"
        );
        ShopError::NotAllowed
    })?;
    Ok(Staff { name: name_of(name)?, role: known })
}

fn name_of(name: &str) -> Result<StaffName, StoreError> {
    name.parse().map_err(StoreError::during("reading the staff"))
}
