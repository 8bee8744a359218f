//! Who the shopper is, by WeChat's word.

use std::sync::Arc;

use model::OpenId;
use tokio::sync::OnceCell;
use wechat::oauth::{Scope, State, authorize_url};

use crate::{Shop, ShopError};

/// Somebody who has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Who.
    pub openid: OpenId,
}

/// What became of a `code`, for everyone who brings it.
pub(crate) type CodeOutcome = OnceCell<Login>;

impl Shop {
    /// The address of WeChat's login page.
    #[must_use]
    pub fn authorize_url(&self, redirect_uri: &str, scope: Scope, state: &State) -> String {
        authorize_url(self.endpoints().open(), self.official().appid(), redirect_uri, scope, state)
    }

    /// Exchanges a `code`. The same code brought twice, by a client that follows the redirect twice, is exchanged
    /// once and answers the same.
    ///
    /// # Errors
    /// [`ShopError::LoginCode`] where WeChat does not take the code, [`ShopError::SnapshotUser`], or WeChat not
    /// answering.
    pub async fn log_in(&self, code: &str) -> Result<Login, ShopError> {
        let (outcome, _) = self.codes().entry(code.to_owned(), self.clock().now_ms(), OnceCell::new);
        let outcome: Arc<CodeOutcome> = outcome;
        outcome.get_or_try_init(|| self.exchange(code)).await.cloned()
    }

    async fn exchange(&self, code: &str) -> Result<Login, ShopError> {
        let token = self.official().web_token(code).await.map_err(|error| {
            if error.is_code_used() || error.is_invalid_code() {
                ShopError::LoginCode(error)
            } else {
                error.into()
            }
        })?;
        if token.is_snapshotuser {
            return Err(ShopError::SnapshotUser);
        }
        let openid = token
            .openid
            .parse()
            .map_err(|_| ShopError::BadRequest("WeChat gave an openid of unknown form"))?;
        Ok(Login { openid })
    }
}
