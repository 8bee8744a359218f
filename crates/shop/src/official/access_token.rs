use model::audit::AuditAction;
use std::time::Duration;

use wechat::Secret;

use crate::{OfficialAccount, ShopError};

/// The official account's `access_token`, for other programs of the merchant.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub access_token: Secret,
    /// The rest of its validity.
    pub expires_in: Duration,
}

impl OfficialAccount {
    /// Returns the current token to a program, or a new token if there is none. Writes an audit row.
    ///
    /// # Errors
    /// [`ShopError::WechatBusy`] or [`ShopError::AccountRefused`]; a failing database.
    pub async fn access_token(&self, program: &str) -> Result<AccessToken, ShopError> {
        let token = self.current_token().await;
        self.audit.write(program, AuditAction::ReadAccessToken, outcome(&token, "given")).await?;
        token
    }

    /// A program reports that this token fails. If it is the current token, the shop replaces it, once for all reports.
    /// Returns the current token. Writes an audit row.
    ///
    /// # Errors
    /// As [`OfficialAccount::access_token`].
    pub async fn replace_access_token(
        &self,
        program: &str,
        failed: &Secret,
    ) -> Result<AccessToken, ShopError> {
        let replaced = self.official.report_invalid(failed).await;
        let token = match replaced {
            Ok(_) => self.current_token().await,
            Err(error) => Err(ShopError::of_account(error)),
        };
        let same = token.as_ref().is_ok_and(|token| token.access_token == *failed);
        let word =
            if same { "the reported token is still WeChat's current one" } else { "another one given" };
        self.audit.write(program, AuditAction::ReportAccessToken, outcome(&token, word)).await?;
        token
    }

    async fn current_token(&self) -> Result<AccessToken, ShopError> {
        let token = self.official.access_token_with_lifetime().await;
        let (access_token, expires_in) = token.map_err(ShopError::of_account)?;
        Ok(AccessToken { access_token, expires_in })
    }
}

fn outcome(token: &Result<AccessToken, ShopError>, given: &str) -> String {
    match token {
        Ok(_) => given.to_owned(),
        Err(error) => error.to_string(),
    }
}
