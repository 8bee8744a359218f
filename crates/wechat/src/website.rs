//! A website application (网站应用) of the open platform: login on a computer with a code that the user scans
//! (developers.weixin.qq.com, doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html).

use percent_encoding::utf8_percent_encode;

use crate::{
    Error, Official,
    oauth::{COMPONENT, State},
    official::{UserInfo, WebToken},
};

/// The client of a website application. It has its own `appid` and secret, and its users have their own openids.
///
/// ```
/// use wechat::{Endpoints, Http, HttpOptions, Official, Secret, TokenMode, Website, oauth::State};
///
/// let account = Official::new(
///     Http::new(&HttpOptions::default())?,
///     Endpoints::default(),
///     "wxbdc5610cc59c1631",
///     Secret::new("the app secret"),
///     TokenMode::Stable,
/// );
/// let url = Website::new(account).login_url("https://open.weixin.qq.com", "https://shop.example.com/back", &State::parse("x7")?);
/// assert_eq!(url, "https://open.weixin.qq.com/connect/qrconnect?appid=wxbdc5610cc59c1631\
///     &redirect_uri=https%3A%2F%2Fshop.example.com%2Fback&response_type=code&scope=snsapi_login&state=x7#wechat_redirect");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Website(Official);

impl Website {
    /// The only scope of a website application.
    pub const SCOPE: &str = "snsapi_login";

    /// Wraps an [`Official`] with the `appid` and the secret of the website application. It uses only the login,
    /// because a website application has no `access_token` of its own.
    #[must_use]
    pub const fn new(account: Official) -> Self {
        Self(account)
    }

    /// The `appid` of the website application.
    #[must_use]
    pub fn appid(&self) -> &str {
        self.0.appid()
    }

    /// The URL of the page with the code to scan (`connect/qrconnect`).
    ///
    /// `open_url` is the scheme and host without a trailing slash. Do not encode `redirect_uri`: this method does. Its
    /// host must be the application's 授权回调域 (callback domain). If the user refuses, WeChat returns `state` without
    /// `code`.
    #[must_use]
    pub fn login_url(&self, open_url: &str, redirect_uri: &str, state: &State) -> String {
        format!(
            "{open_url}/connect/qrconnect?appid={}&redirect_uri={}&response_type=code&scope={}&state={state}#wechat_redirect",
            utf8_percent_encode(self.appid(), COMPONENT),
            utf8_percent_encode(redirect_uri, COMPONENT),
            Self::SCOPE,
        )
    }

    /// Exchanges the `code` of a login, as [`Official::web_token`]. The result has a `unionid` if the application is
    /// bound to an open platform account.
    ///
    /// # Errors
    /// As [`Official::web_token`].
    pub async fn web_token(&self, code: &str) -> Result<WebToken, Error> {
        self.0.web_token(code).await
    }

    /// Reads the nickname and the picture, as [`Official::user_info`].
    ///
    /// # Errors
    /// As [`Official::user_info`].
    pub async fn user_info(&self, token: &WebToken) -> Result<UserInfo, Error> {
        self.0.user_info(token).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Endpoints, Http, HttpOptions, Secret, TokenMode};

    #[test]
    fn trap_27_a_redirect_uri_cannot_add_parameters() {
        let http = Http::new(&HttpOptions::default()).unwrap();
        let account =
            Official::new(http, Endpoints::default(), "wx1", Secret::new("secret"), TokenMode::Stable);
        let (site, state) = (Website::new(account), State::parse("mine").unwrap());
        for hostile in ["http://h/&state=theirs", "http://h/#wechat_redirect&scope=snsapi_base"] {
            let url = site.login_url("http://o", hostile, &state);
            assert!(url.starts_with("http://o/connect/qrconnect?appid=wx1&redirect_uri=http%3A%2F%2Fh%2F%"));
            assert!(url.ends_with("&response_type=code&scope=snsapi_login&state=mine#wechat_redirect"));
            assert_eq!((url.matches("state=").count(), url.matches('#').count()), (1, 1), "{url}");
        }
    }
}
