use std::time::Duration;

use wechat::Secret;

use crate::{Shop, ShopError};

/// The official account's `access_token`, for other programs of the merchant.
#[derive(Clone, Debug)]
pub struct PlatformToken {
    /// The token.
    pub access_token: Secret,
    /// How long it lives on.
    pub expires_in: Duration,
}

impl Shop {
    /// The current token; a fresh one where there is none.
    ///
    /// # Errors
    /// WeChat not answering, or refusing.
    pub async fn platform_token(&self) -> Result<PlatformToken, ShopError> {
        let (access_token, expires_in) = self.official().access_token_with_lifetime().await?;
        Ok(PlatformToken { access_token, expires_in })
    }

    /// A program says that this token failed. It is replaced if it is the current one, once for all who say so;
    /// otherwise nothing happens and the current one is the answer.
    ///
    /// # Errors
    /// As [`Shop::platform_token`].
    pub async fn replace_platform_token(&self, failed: &Secret) -> Result<PlatformToken, ShopError> {
        self.official().report_invalid(failed).await?;
        self.platform_token().await
    }
}
