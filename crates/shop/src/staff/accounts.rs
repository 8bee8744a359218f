//! Who works in the shop. The owner adds, changes and removes people; the first owner is added at the command line.

use sqlx::Row;

use super::{Right, Role, Staff, StaffName, password, totp::base32};
use crate::{
    Shop, ShopError, Store, StoreError,
    ids::nonce,
    store::{Edit, Value, text, totp_place},
};

/// Somebody of the shop, as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffAccount {
    /// Who.
    pub name: StaffName,
    /// As what.
    pub role: Role,
    /// Whether they sign in with a second factor.
    pub has_totp: bool,
    /// When the account last changed, ms.
    pub changed_ms: i64,
    /// How many sessions are open.
    pub sessions: usize,
}

/// What the second factor is set up with. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// To be typed into an authenticator.
    pub secret: String,
    /// The same as an address, for a QR code.
    pub uri: String,
}

/// Nothing of it prints.
impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

/// An account, as signing in needs it.
pub(super) struct AccountRow {
    pub(super) staff: Staff,
    pub(super) password: String,
    /// Base32, as it is stored: encrypted where there is a key. Empty without a second factor.
    pub(super) totp: String,
    pub(super) totp_step: i64,
    pub(super) generation: String,
    changed_ms: i64,
}

impl Staff {
    /// Whoever has a shell on the server.
    ///
    /// # Panics
    /// Never: the name is one.
    #[must_use]
    pub fn at_command_line() -> Self {
        Self { name: "command-line".parse().expect("it is a name"), role: Role::Owner }
    }
}

impl Shop {
    /// The people of the shop.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database; so for each of these.
    pub async fn staff_list(&self, staff: &Staff) -> Result<Vec<StaffAccount>, ShopError> {
        staff.check(Right::Staff)?;
        let rows = self.store().staff(None).await?;
        let sessions = self.store().open_sessions(self.clock().now_ms()).await?;
        Ok(rows
            .into_iter()
            .map(|row| StaffAccount {
                sessions: sessions.iter().filter(|generation| **generation == row.generation).count(),
                name: row.staff.name,
                role: row.staff.role,
                has_totp: !row.totp.is_empty(),
                changed_ms: row.changed_ms,
            })
            .collect())
    }

    /// Adds somebody. Without a second factor only where the shop is tried out on the machine itself.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] for a password that is too short, or a name that is taken.
    pub async fn add_staff(
        &self,
        staff: &Staff,
        name: &StaffName,
        role: Role,
        password: &str,
        second_factor: bool,
    ) -> Result<Option<Enrolment>, ShopError> {
        let (hash, enrolment, secret) = self.credentials(staff, name, password, second_factor).await?;
        let sql = "INSERT INTO staff (name, role, password, totp, totp_step, generation, changed_ms) \
                   VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (name) DO NOTHING";
        let values = [
            text(name),
            text(role),
            text(hash),
            text(secret),
            text(nonce(self.ids())),
            Value::Number(self.clock().now_ms()),
        ];
        let detail = format!("{name}, {role}");
        let taken = ShopError::Invalid("这个名称已有人使用");
        self.edit_staff(staff, "add staff", detail, Edit::new(sql, values), taken).await?;
        Ok(enrolment)
    }

    /// Gives somebody a new password and a new second factor; their sessions end.
    ///
    /// # Errors
    /// As [`Shop::add_staff`]; [`ShopError::NotFound`].
    pub async fn reset_staff(
        &self,
        staff: &Staff,
        name: &StaffName,
        password: &str,
        second_factor: bool,
    ) -> Result<Option<Enrolment>, ShopError> {
        let (hash, enrolment, secret) = self.credentials(staff, name, password, second_factor).await?;
        let sql = "UPDATE staff SET password = $1, totp = $2, totp_step = 0, generation = $3, changed_ms = $4 \
                   WHERE name = $5";
        let values = [
            text(hash),
            text(secret),
            text(nonce(self.ids())),
            Value::Number(self.clock().now_ms()),
            text(name),
        ];
        let edit = Edit::new(sql, values);
        self.edit_staff(staff, "reset staff", name.to_string(), edit, ShopError::NotFound).await?;
        self.store().forget_account(name.as_str()).await?;
        Ok(enrolment)
    }

    /// Gives somebody another role; their sessions end. One owner stays.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] for the last owner, or where there is nobody of this name.
    pub async fn change_role(&self, staff: &Staff, name: &StaffName, role: Role) -> Result<(), ShopError> {
        let sql = "UPDATE staff SET role = $1, generation = $2, changed_ms = $3 WHERE name = $4 AND ($5 = 'owner' \
                   OR role <> 'owner' OR (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        let values = [
            text(role),
            text(nonce(self.ids())),
            Value::Number(self.clock().now_ms()),
            text(name),
            text(role),
        ];
        let detail = format!("{name}, {role}");
        self.edit_staff(staff, "change role", detail, Edit::new(sql, values), LAST_OWNER).await
    }

    /// Removes somebody; their sessions end. One owner stays.
    ///
    /// # Errors
    /// As [`Shop::change_role`].
    pub async fn remove_staff(&self, staff: &Staff, name: &StaffName) -> Result<(), ShopError> {
        let sql = "DELETE FROM staff WHERE name = $1 AND (role <> 'owner' OR \
                   (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        let edit = Edit::new(sql, [text(name)]);
        self.edit_staff(staff, "remove staff", name.to_string(), edit, LAST_OWNER).await?;
        Ok(self.store().forget_account(name.as_str()).await?)
    }

    async fn edit_staff(
        &self,
        staff: &Staff,
        what: &str,
        detail: String,
        edit: Edit,
        otherwise: ShopError,
    ) -> Result<(), ShopError> {
        staff.check(Right::Staff)?;
        let audit = self.audit_row(staff.name.as_str(), what, detail);
        if self.store().edit("changing the staff", vec![edit], audit).await? {
            Ok(())
        } else {
            Err(otherwise)
        }
    }

    /// The hash of the password; the second factor, as it is shown and as it is kept.
    async fn credentials(
        &self,
        staff: &Staff,
        name: &StaffName,
        password: &str,
        second_factor: bool,
    ) -> Result<(String, Option<Enrolment>, String), ShopError> {
        staff.check(Right::Staff)?;
        password::check(password)?;
        if !second_factor && !self.settings().is_on_this_machine() {
            return Err(ShopError::Invalid("只有在本机试用时才能不设动态验证码"));
        }
        let hash = self.hash_password(password.to_owned()).await?;
        if !second_factor {
            return Ok((hash, None, String::new()));
        }
        let mut bytes = [0; 20];
        self.ids().fill(&mut bytes);
        let secret = base32(&bytes);
        let host = self.settings().public_url.split("://").nth(1).unwrap_or_default();
        // a colon would end the issuer
        let issuer = host.replace(':', "%3A");
        let uri = format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}");
        let stored = self.store().data_keys().seal(&totp_place(name.as_str()), &secret);
        Ok((hash, Some(Enrolment { secret, uri }), stored))
    }
}

const LAST_OWNER: ShopError = ShopError::Invalid("没有这个人，或者这是最后一位店主");

impl Store {
    /// Everybody, or whoever has this name.
    pub(super) async fn staff(&self, name: Option<&str>) -> Result<Vec<AccountRow>, StoreError> {
        let columns = "SELECT name, role, password, totp, totp_step, generation, changed_ms FROM staff";
        let rows = match name {
            Some(name) => self.select(format!("{columns} WHERE name = $1"), &[name]).await?,
            None => self.select(format!("{columns} ORDER BY name"), &[]).await?,
        };
        let doing = "reading the staff";
        rows.iter()
            .map(|row| {
                let text =
                    |column: usize| row.try_get::<String, _>(column).map_err(StoreError::during(doing));
                let number = |column: usize| row.try_get::<i64, _>(column).map_err(StoreError::during(doing));
                Ok(AccountRow {
                    staff: Staff {
                        name: text(0)?.parse().map_err(StoreError::during(doing))?,
                        role: text(1)?.parse().map_err(StoreError::during(doing))?,
                    },
                    password: text(2)?,
                    totp: text(3)?,
                    totp_step: number(4)?,
                    generation: text(5)?,
                    changed_ms: number(6)?,
                })
            })
            .collect()
    }
}
