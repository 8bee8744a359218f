//! Signing in. Whatever is wrong, and for whichever name, the answer is the same and takes as long.

use std::net::IpAddr;

use super::{Staff, StaffName, accounts::AccountRow, sessions, totp};
use crate::{
    Shop, ShopError,
    client_address::limit_key,
    ids::nonce,
    store::{Edit, Value, text, totp_place},
};

/// Somebody who has signed in, and the token of their session, which only their cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// For [`Shop::signed_in`].
    pub token: String,
}

/// The token does not print.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// What the audit says behind the address where the password was right.
pub(super) const WRONG_CODE: &str = "right password, wrong code";

impl Shop {
    /// Signs somebody in by name, password and the code of their second factor; a code counts once. Either outcome is
    /// written down. After many failures, of the name or of the address, the answer takes some seconds longer; it is never
    /// refused for that.
    ///
    /// # Errors
    /// [`ShopError::SignIn`] whatever is wrong, [`ShopError::SecondFactorPaused`] for the right password after many wrong
    /// codes, or a failing database.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        code: &str,
        ip: IpAddr,
    ) -> Result<SignedIn, ShopError> {
        let name: Option<StaffName> = name.trim().parse().ok();
        // what is no name may be a password in the wrong field: it is not written down
        let who = name.as_ref().map_or("?", StaffName::as_str);
        let address = limit_key(ip);
        let failures = self.store().count_sign_in(who, &address, self.clock().now_ms()).await?;
        if failures.is_alarming() {
            tracing::error!(name = who, %ip, "many sign-ins fail for this name: further ones are slowed down");
        }
        tokio::time::sleep(failures.pause()).await;
        let row = match &name {
            Some(name) => self.store().staff(Some(name.as_str())).await?.pop(),
            None => None,
        };
        let known = row.as_ref().map(|row| row.password.clone());
        let right = self.is_password(password.to_owned(), known).await?;
        let row = row.filter(|_| right);
        let has_code = row.as_ref().is_some_and(|row| !row.totp.is_empty());
        let known_address = failures.is_known.then_some(&*address);
        let may_try =
            self.store().count_code(has_code.then_some(who), known_address, self.clock().now_ms()).await?;
        if let Some(row) = row {
            if !may_try {
                tracing::error!(
                    name = who, %ip,
                    "somebody knows this password and has typed many wrong codes: the second factor is paused for an hour. \
                     If it was not the account's owner, reset the account"
                );
                self.audit(who, "sign in refused", format!("{ip}, {WRONG_CODE}, paused")).await?;
                return Err(ShopError::SecondFactorPaused);
            }
            let now_ms = self.clock().now_ms();
            if let Some(mut edits) = self.second_factor(&row, code, now_ms)? {
                let token = nonce(self.ids());
                edits.push(sessions::begin(&token, who, &row.generation, &address, now_ms));
                let audit = self.audit_row(who, "sign in", ip.to_string());
                if self.store().edit("signing in", edits, audit).await? {
                    self.store().forget_failures(who, &address, now_ms).await?;
                    self.store().sweep_sessions(now_ms).await?;
                    return Ok(SignedIn { staff: row.staff, token });
                }
            }
            tracing::warn!(name = who, %ip, "a sign-in with the right password and a wrong code");
            self.audit(who, "sign in refused", format!("{ip}, {WRONG_CODE}")).await?;
            return Err(ShopError::SignIn);
        }
        self.audit(who, "sign in refused", ip.to_string()).await?;
        Err(ShopError::SignIn)
    }

    /// What is to be written for the second factor; nothing where the code is wrong or was used.
    fn second_factor(
        &self,
        row: &AccountRow,
        code: &str,
        now_ms: i64,
    ) -> Result<Option<Vec<Edit>>, ShopError> {
        if row.totp.is_empty() {
            // an account of the trial must not open a shop that is open to the world
            return Ok(self.settings().is_on_this_machine().then(Vec::new));
        }
        let who = row.staff.name.as_str();
        let secret = self.store().data_keys().open(&totp_place(who), &row.totp)?;
        let step = totp::step_of(&secret, code, now_ms.div_euclid(1000), row.totp_step);
        Ok(step.map(|step| {
            let sql =
                "UPDATE staff SET totp_step = $1 WHERE name = $2 AND generation = $3 AND totp_step < $4";
            let values = [Value::Number(step), text(who), text(&row.generation), Value::Number(step)];
            vec![Edit::new(sql, values)]
        }))
    }
}
