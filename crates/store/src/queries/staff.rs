//! The accounts of the shop's staff.

use crate::{
    Store, StoreError, Update,
    data_keys::totp_place,
    driver::{Value, text},
    rows,
};

/// An account of the console.
#[derive(Clone)]
pub struct StaffRecord {
    /// The name.
    pub name: String,
    /// The role's word.
    pub role: String,
    /// The hash of the password.
    pub password: String,
    /// The secret of the second factor as it is stored: base32, encrypted where there is a key. Empty without a second
    /// factor. [`Store::open_totp`] reads it.
    pub totp: String,
    /// The last time step whose code was used.
    pub totp_step: i64,
    /// The hashes of the recovery codes that were not used.
    pub recovery_codes: Vec<String>,
    /// Changes with the password and the role. Sessions of another version have ended.
    pub credential_version: String,
    /// When the account last changed, ms.
    pub changed_ms: i64,
}

/// What a staff member signs in with.
#[derive(Clone)]
pub struct NewCredentials {
    /// The hash of the password.
    pub password: String,
    /// The secret of the second factor as it is stored: see [`Store::seal_totp`]. Empty without a second factor.
    pub totp: String,
    /// The hashes of the recovery codes. Empty without a second factor.
    pub recovery_codes: Vec<String>,
    /// A new random text.
    pub credential_version: String,
}

/// What follows each hash in the column of the recovery codes.
const END: char = ';';

fn joined(hashes: &[String]) -> String {
    hashes.iter().map(|hash| format!("{hash}{END}")).collect()
}

fn separated(column: &str) -> Vec<String> {
    column.split_terminator(END).map(str::to_owned).collect()
}

impl Store {
    /// The accounts of the staff: all in the order of their names, or the one of this name.
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

    /// The secret of a second factor in the form that is stored: encrypted where there is a key.
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

/// Changes of the staff.
impl Update {
    /// Adds an account, if the name is free.
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

    /// Replaces the password of an account, if its credentials have not changed since `known_version`.
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

    /// Changes the role of an account, if one owner remains.
    #[must_use]
    pub fn staff_role(name: &str, role: &str, credential_version: &str, now_ms: i64) -> Self {
        let sql = "UPDATE staff SET role = $1, generation = $2, changed_ms = $3 WHERE name = $4 AND ($5 = 'owner' \
                   OR role <> 'owner' OR (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        let values = [text(role), text(credential_version), Value::Number(now_ms), text(name), text(role)];
        Self::new(sql, values)
    }

    /// Removes an account, if one owner remains.
    #[must_use]
    pub fn delete_staff(name: &str) -> Self {
        let sql = "DELETE FROM staff WHERE name = $1 AND (role <> 'owner' OR \
                   (SELECT COUNT(*) FROM staff o WHERE o.role = 'owner') > 1)";
        Self::new(sql, [text(name)])
    }

    /// Replaces the recovery codes of an account by those with these hashes, if its credentials have not changed since
    /// `known_version`.
    #[must_use]
    pub fn recovery_codes(name: &str, known_version: &str, hashes: &[String]) -> Self {
        let sql = "UPDATE staff SET recovery_codes = $1 WHERE name = $2 AND generation = $3";
        Self::new(sql, [text(joined(hashes)), text(name), text(known_version)])
    }

    /// Uses up the recovery code with this hash, if the account still has it and its credentials are the same.
    #[must_use]
    pub fn use_recovery_code(name: &str, credential_version: &str, hash: &str) -> Self {
        let sql = "UPDATE staff SET recovery_codes = REPLACE(recovery_codes, $1, '') \
                   WHERE name = $2 AND generation = $3 AND recovery_codes LIKE $4";
        let code = format!("{hash}{END}");
        let like = format!("%{code}%");
        Self::new(sql, [text(code), text(name), text(credential_version), text(like)])
    }

    /// Marks a time step of the second factor as used, if no later one was used and the credentials are the same.
    #[must_use]
    pub fn use_totp_step(name: &str, credential_version: &str, step: i64) -> Self {
        let sql = "UPDATE staff SET totp_step = $1 WHERE name = $2 AND generation = $3 AND totp_step < $4";
        Self::new(sql, [Value::Number(step), text(name), text(credential_version), Value::Number(step)])
    }
}
