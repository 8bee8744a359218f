//! Recovery codes (备用验证码): each of ten codes replaces the second factor at one sign-in, for staff who lost the phone.
//!
//! A code has 12 digits, so that number keys are enough to type it. The database has a hash of the code with the secret
//! of the second factor, so a code is not valid for another secret.

use std::net::IpAddr;

use model::audit::AuditAction;
use sha2::{Digest, Sha256};
use store::Update;

use super::Staff;
use crate::{Ids, ShopError, StaffAccounts, ids::digits};

/// The number of codes of an account.
pub const RECOVERY_CODES: usize = 10;

/// The number of digits of a code. Guessing is hopeless: after some wrong codes only one code an hour is allowed.
const LENGTH: usize = 12;

/// New codes in the form for people: `1234 5678 9012`.
pub(super) fn new_codes(ids: &dyn Ids) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let code = digits(ids, LENGTH);
            format!("{} {} {}", &code[..4], &code[4..8], &code[8..])
        })
        .collect()
}

/// The digits of a typed text; `None` if it cannot be a recovery code.
fn typed(text: &str) -> Option<String> {
    let code: String =
        text.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    (code.len() == LENGTH && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// The stored form of a code, for an account with this secret.
fn hash(secret: &str, code: &str) -> String {
    hex::encode(Sha256::digest(format!("recovery code\n{secret}\n{code}")))
}

/// The stored form of a typed text; `None` if it cannot be a recovery code.
pub(super) fn hash_of(secret: &str, text: &str) -> Option<String> {
    typed(text).map(|code| hash(secret, &code))
}

/// The stored form of new codes.
pub(super) fn hashes(secret: &str, codes: &[String]) -> Vec<String> {
    codes.iter().filter_map(|code| hash_of(secret, code)).collect()
}

impl StaffAccounts {
    /// The number of unused recovery codes of the staff member's own account; `None` without a second factor.
    ///
    /// # Errors
    /// A failing database.
    pub async fn recovery_codes_left(&self, staff: &Staff) -> Result<Option<usize>, ShopError> {
        let row = self.store.staff(Some(staff.name.as_str())).await?.pop();
        Ok(row.filter(|row| !row.totp.is_empty()).map(|row| row.recovery_codes.len()))
    }

    /// Replaces the recovery codes of the staff member's own account. Returns the new codes to show once: the database
    /// has only hashes.
    ///
    /// # Errors
    /// [`ShopError::SignIn`] or [`ShopError::SecondFactorPaused`] if the password or the code is wrong;
    /// [`ShopError::Invalid`] without a second factor; or a failing database.
    pub async fn renew_recovery_codes(
        &self,
        staff: &Staff,
        password: &str,
        code: &str,
        ip: IpAddr,
    ) -> Result<Vec<String>, ShopError> {
        let mut person = self.authenticate(staff.name.as_str(), password, code, ip).await?;
        let row = &person.row;
        if row.totp.is_empty() {
            return Err(ShopError::invalid("请先开启动态验证码", "Please turn on the one-time code first."));
        }
        let secret = self.store.open_totp(&row.name, &row.totp)?;
        let codes = new_codes(&*self.ids);
        let hashes = hashes(&secret, &codes);
        let renewal = Update::recovery_codes(&row.name, &row.credential_version, &hashes);
        person.updates.push(renewal);
        let action = AuditAction::RenewRecoveryCodes;
        self.apply_authenticated("renewing recovery codes", person, ip, action).await?;
        Ok(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for text in ["123456789012", " 1234 5678 9012 ", "1234-5678-9012"] {
            assert_eq!(typed(text).as_deref(), Some("123456789012"), "{text}");
        }
        for text in ["", "123456", "1234 5678 901", "1234 5678 9012 3", "1234 5678 901a"] {
            assert_eq!(typed(text), None, "{text}");
        }
        assert_ne!(hash("secret", "123456789012"), hash("another", "123456789012"));
    }
}
