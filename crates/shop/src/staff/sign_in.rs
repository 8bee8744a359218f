//! Signing in. Whatever is wrong, and for whichever name, the answer is the same and takes as long.

use std::net::IpAddr;

use super::{Staff, StaffName, totp};
use crate::{
    Shop, ShopError,
    store::{Edit, Value, text},
};

/// Somebody who has signed in, and what their session is good for: until the account changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// Of the account: another one ends the session.
    pub generation: String,
}

impl Shop {
    /// Signs somebody in by name, password and the code of their second factor; a code counts once. Either outcome is
    /// written down.
    ///
    /// # Errors
    /// [`ShopError::SignIn`] whatever is wrong, or a failing database.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        code: &str,
        ip: IpAddr,
    ) -> Result<SignedIn, ShopError> {
        let name: Option<StaffName> = name.trim().parse().ok();
        let row = match &name {
            Some(name) => self.store().staff(Some(name.as_str())).await?.pop(),
            None => None,
        };
        let known = row.as_ref().map(|row| row.password.clone());
        let right = self.is_password(password.to_owned(), known).await?;
        let now_s = self.clock().now_ms().div_euclid(1000);
        if let Some(row) = row.filter(|_| right) {
            let who = row.staff.name.as_str();
            let edits = if row.totp.is_empty() {
                // an account of the trial must not open a shop that is open to the world
                self.settings().is_on_this_machine().then(Vec::new)
            } else {
                totp::step_of(&row.totp, code, now_s, row.totp_step).map(|step| {
                    let sql = "UPDATE staff SET totp_step = $1 WHERE name = $2 AND generation = $3 AND totp_step < $4";
                    let values =
                        [Value::Number(step), text(who), text(&row.generation), Value::Number(step)];
                    vec![Edit::new(sql, values)]
                })
            };
            let audit = self.audit_row(who, "sign in", ip.to_string());
            if let Some(edits) = edits
                && self.store().edit("signing in", edits, audit).await?
            {
                return Ok(SignedIn { staff: row.staff, generation: row.generation });
            }
        }
        // what is no name may be a password in the wrong field: it is not written down
        let who = name.as_ref().map_or("?", StaffName::as_str);
        self.audit(who, "sign in refused", ip.to_string()).await?;
        Err(ShopError::SignIn)
    }

    /// Who a session is of, if the account has not changed since.
    ///
    /// # Errors
    /// A failing database.
    pub async fn signed_in(&self, name: &str, generation: &str) -> Result<Option<Staff>, ShopError> {
        let row = self.store().staff(Some(name)).await?.pop();
        Ok(row.filter(|row| row.generation == generation).map(|row| row.staff))
    }

    /// Somebody signs out: written down. The session's cookie is the caller's.
    ///
    /// # Errors
    /// A failing database.
    pub async fn sign_out(&self, staff: &Staff) -> Result<(), ShopError> {
        self.audit(staff.name.as_str(), "sign out", "").await
    }
}
