use super::Official;
use crate::{Error, wire::jssdk};

/// The arguments of `wx.config`, except `jsApiList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsConfig {
    /// `appId`.
    pub app_id: String,
    /// `timestamp`, seconds since 1970.
    pub timestamp: i64,
    /// `nonceStr`: this spelling in the page, `noncestr` in the signed text.
    pub nonce_str: String,
    /// `signature`.
    pub signature: String,
}

impl Official {
    /// Signs the page with this address: the address that the browser shows. The part from `#` is removed.
    ///
    /// Sign only addresses of your own pages. `timestamp` is in seconds since 1970.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let page = account.js_config("https://shop.example.com/tea?n=1", "a nonce", 1_767_240_000).await?;
    /// println!("wx.config with {}, {}, {}, {}", page.app_id, page.timestamp, page.nonce_str, page.signature);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Official::jsapi_ticket`].
    pub async fn js_config(&self, url: &str, nonce_str: &str, timestamp: i64) -> Result<JsConfig, Error> {
        let ticket = self.jsapi_ticket().await?;
        Ok(JsConfig {
            app_id: self.appid().to_owned(),
            timestamp,
            nonce_str: nonce_str.to_owned(),
            signature: jssdk::signature(ticket.expose(), nonce_str, timestamp, url),
        })
    }
}
