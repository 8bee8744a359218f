//! The accounts of the shop's staff.

use crate::{
    Store, StoreError, Update,
    data_keys::totp_place,
    driver::{Value, text},
    rows,
};

/// The account of a staff member.
#[derive(Clone)]
pub struct StaffRecord {
    /// The name.
    pub name: String,
    /// The word of the role.
    pub role: String,
    /// The Argon2id hash of the password; empty for an invited person.
    pub password: String,
    /// The stored secret of the second factor: base32, encrypted if a data key is set. Empty without a second factor.
    /// [`Store::open_totp`] decrypts it.
    pub totp: String,
    /// The last period (time step) whose code was used; 0 before the first.
    pub totp_step: i64,
    /// The hashes of the unused recovery codes.
    pub recovery_codes: Vec<String>,
    /// A random text that changes with the password and the role. A session with another version has ended.
    pub credential_version: String,
    /// When the account last changed, ms.
    pub changed_ms: i64,
}

/// New credentials of an account.
#[derive(Clone)]
pub struct NewCredentials {
    /// The Argon2id hash of the password; empty for an invited person.
    pub password: String,
    /// The stored secret of the second factor: see [`Store::seal_totp`]. Empty without a second factor.
    pub totp: String,
    /// The hashes of the recovery codes. Empty without a second factor.
    pub recovery_codes: Vec<String>,
    /// A new random text.
    pub credential_version: String,
}

/// The character after each hash in the column `recovery_codes`.
const END: char = ';';

fn joined(hashes: &[String]) -> String {
    hashes.iter().map(|hash| format!("{hash}{END}")).collect()
}

fn separated(column: &str) -> Vec<String> {
    column.split_terminator(END).map(str::to_owned).collect()
}

impl Store {
    /// The accounts of the staff, sorted by name. With `name`: only the account with this name.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn staff(&self, name: Option<&str>) -> Result<Vec<StaffRecord>, StoreError> {
        let columns =
            "SELECT name, role, password, totp, totp_step, recovery_codes, generation, changed_ms FROM staff";
        let rows = match name {
            Some(name) => self.select(format!("{columns} WHERE name = $1"), &[name]).await?,
            None => self.select(format!("{columns} ORDER BY name"), &[]).await?,
        };
        rows.iter()
            .map(|row| {
                Ok(StaffRecord {
                    name: rows::text(row, "name")?,
                    role: rows::text(row, "role")?,
                    password: rows::text(row, "password")?,
                    totp: rows::text(row, "totp")?,
                    totp_step: rows::number(row, "totp_step")?,
                    recovery_codes: separated(&rows::text::<String>(row, "recovery_codes")?),
                    credential_version: rows::text(row, "generation")?,
                    changed_ms: rows::number(row, "changed_ms")?,
                })
            })
            .collect()
    }

    /// The secret of a second factor as the database stores it: encrypted if a data key is set.
    #[must_use]
    pub fn seal_totp(&self, name: &str, secret: &str) -> String {
        self.data_keys.seal(&totp_place(name), secret)
    }

    /// The secret of a second factor in plain text.
    ///
    /// # Errors
    /// [`StoreError`] if none of the keys decrypts it.
    pub fn open_totp(&self, name: &str, stored: &str) -> Result<String, StoreError> {
        self.data_keys.open(&totp_place(name), stored)
    }
}

/// Changes of staff accounts.
impl Update {
    /// Adds an account. Adds no row if the name is taken.
    #[must_use]
    pub fn insert_staff(name: &str, role: &str, new: NewCredentials, now_ms: i64) -> Self {
        let sql = "INSERT INTO staff (name, role, password, totp, totp_step, recovery_codes, generation, changed_ms) \
                   VALUES ($1, $2, $3, $4, 0, $5, $6, $7) ON CONFLICT (name) DO NOTHING";
        let texts = [
            text(name),
            text(role),
            text(new.password),
            text(new.totp),
            text(joined(&new.recovery_codes)),
            text(new.credential_version),
        ];
        Self::new(sql, texts.into_iter().chain([Value::Number(now_ms)]))
    }

    /// Replaces the password and the second factor of an account.
    #[must_use]
    pub fn staff_credentials(name: &str, new: NewCredentials, now_ms: i64) -> Self {
        let sql = "UPDATE staff SET password = $1, totp = $2, totp_step = 0, recovery_codes = $3, generation = $4, \
                   changed_ms = $5 WHERE name = $6";
        let codes = text(joined(&new.recovery_codes));
        let texts = [text(new.password), text(new.totp), codes, text(new.credential_version)];
        Self::new(sql, texts.into_iter().chain([Value::Number(now_ms), text(name)]))
    }

    /// Replaces the password of an account. Changes no row if the credential version is no longer `known_version`.
    #[must_use]
    pub fn staff_password(
        name: &str,
        known_version: &str,
        password: &str,
        version: &str,
        now_ms: i64,
    ) -> Self {
        let sql = "UPDATE staff SET password = $1, generation = $2, changed_ms = $3 WHERE name = $4 AND generation = $5";
        let values = [text(password), text(version), Value::Number(now_ms), text(name), text(known_version)];
        Self::new(sql, values)
    }

    /// Changes the role of an account. Changes no row if no owner would remain.
    #[must_use]
    pub fn staff_role(name: &str, role: &str, credential_version: &str, now_ms: i64) -> Self {
        let sql = "UPDATE staff SET role = $1, generation = $2, changed_ms = $3 WHERE name = $4 AND ($5 = 'owner' \
                   OR role <> 'owner' OR (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        let values = [text(role), text(credential_version), Value::Number(now_ms), text(name), text(role)];
        Self::new(sql, values)
    }

    /// Removes an account. Changes no row if no owner would remain.
    #[must_use]
    pub fn delete_staff(name: &str) -> Self {
        let sql = "DELETE FROM staff WHERE name = $1 AND (role <> 'owner' OR \
                   (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        Self::new(sql, [text(name)])
    }

    /// Replaces the recovery codes of an account. Changes no row if the credential version is no longer
    /// `known_version`.
    #[must_use]
    pub fn recovery_codes(name: &str, known_version: &str, hashes: &[String]) -> Self {
        let sql = "UPDATE staff SET recovery_codes = $1 WHERE name = $2 AND generation = $3";
        Self::new(sql, [text(joined(hashes)), text(name), text(known_version)])
    }

    /// Removes a used recovery code. Changes no row if the account no longer has it, or has another credential version.
    #[must_use]
    pub fn use_recovery_code(name: &str, credential_version: &str, hash: &str) -> Self {
        let sql = "UPDATE staff SET recovery_codes = REPLACE(recovery_codes, $1, '') \
                   WHERE name = $2 AND generation = $3 AND recovery_codes LIKE $4";
        let code = format!("{hash}{END}");
        let like = format!("%{code}%");
        Self::new(sql, [text(code), text(name), text(credential_version), text(like)])
    }

    /// Marks a period of the second factor as used. Changes no row if it or a later one was used, or the account has
    /// another credential version.
    #[must_use]
    pub fn use_totp_step(name: &str, credential_version: &str, step: i64) -> Self {
        let sql = "UPDATE staff SET totp_step = $1 WHERE name = $2 AND generation = $3 AND totp_step < $4";
        Self::new(sql, [Value::Number(step), text(name), text(credential_version), Value::Number(step)])
    }
}
