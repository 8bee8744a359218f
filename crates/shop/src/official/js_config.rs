use model::JsConfig;

use crate::{OfficialAccount, ShopError, ids::nonce};

impl OfficialAccount {
    /// The parameters of `wx.config` for the page with this URL. The signature covers the URL byte for byte, up to `#`.
    ///
    /// # Errors
    /// [`ShopError::ForeignUrl`] if the URL is not a URL of this shop; [`ShopError::WechatBusy`] or
    /// [`ShopError::AccountRefused`].
    pub async fn js_config(&self, url: &str) -> Result<JsConfig, ShopError> {
        if !self.settings.is_own_url(url) || url.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(ShopError::ForeignUrl);
        }
        let seconds = self.clock.now_ms().div_euclid(1000);
        let config = self.official.js_config(url, &nonce(&*self.ids), seconds).await;
        let config = config.map_err(ShopError::of_account)?;
        Ok(JsConfig {
            app_id: config.app_id,
            timestamp: config.timestamp,
            nonce_str: config.nonce_str,
            signature: config.signature,
        })
    }
}
