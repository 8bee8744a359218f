use serde::Deserialize;

use super::{Official, response};
use crate::{Error, Secret, json};

/// The result of a login (`sns/oauth2/access_token`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebToken {
    /// The user's openid for this account.
    pub openid: String,
    /// The token for [`Official::user_info`] and [`Official::auth`]. It is not the access token of the account.
    pub access_token: Secret,
    /// Renews `access_token` with [`Official::refresh_token`]. It is valid for thirty days.
    pub refresh_token: Secret,
    /// The lifetime of `access_token`, in seconds.
    pub expires_in: i64,
    /// The granted scopes, separated by commas.
    pub scope: String,
    /// WeChat's id of the user for all accounts of one open platform account. `None` if this account is not bound to
    /// one.
    pub unionid: Option<String>,
    /// Whether this is a virtual user of WeChat's preview page (快照页). Do not create an account for this user.
    pub is_snapshotuser: bool,
}

/// The profile of a user (`sns/userinfo`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// The user's openid for this account.
    pub openid: String,
    /// The nickname; empty if there is none.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub nickname: String,
    /// The address of the picture; empty if there is none.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub headimgurl: String,
    /// WeChat's id of the user for all accounts of one open platform account. `None` if this account is not bound to
    /// one.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub unionid: Option<String>,
}

#[derive(Deserialize)]
struct Exchanged {
    openid: String,
    access_token: String,
    refresh_token: String,
    expires_in: i64,
    scope: String,
    unionid: Option<String>,
    #[serde(default)]
    is_snapshotuser: i64,
}

impl Official {
    /// Exchanges the `code` of a login. A code works once, within five minutes.
    ///
    /// Retries only if the connection failed. After a lost response the code may be used up.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let login = account.web_token("the code that came back").await?;
    /// if login.is_snapshotuser {
    ///     println!("a virtual user: no account for it");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_code_used`] if the code was used before; [`Error::is_invalid_code`] if it is wrong, has expired or
    /// belongs to another account.
    pub async fn web_token(&self, code: &str) -> Result<WebToken, Error> {
        const ENDPOINT: &str = "sns/oauth2/access_token";
        let request = || {
            self.0.http.get(&self.url(ENDPOINT)).query(&[
                ("appid", self.appid()),
                ("secret", self.0.secret.expose()),
                ("code", code),
                ("grant_type", "authorization_code"),
            ])
        };
        let body = self.call_single_use(ENDPOINT, request).await?;
        let exchanged: Exchanged = response::read(ENDPOINT, &body)?;
        if exchanged.openid.is_empty() {
            return Err(Error::malformed(ENDPOINT, "openid is empty"));
        }
        Ok(WebToken {
            openid: exchanged.openid,
            access_token: Secret::new(exchanged.access_token),
            refresh_token: Secret::new(exchanged.refresh_token),
            expires_in: exchanged.expires_in,
            scope: exchanged.scope,
            unionid: exchanged.unionid.filter(|unionid| !unionid.is_empty()),
            is_snapshotuser: exchanged.is_snapshotuser == 1,
        })
    }

    /// Reads the nickname and the picture (`sns/userinfo`). `token` must have the scope
    /// [`crate::oauth::Scope::UserInfo`].
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let login = account.web_token("the code that came back").await?;
    /// if login.scope.contains("snsapi_userinfo") {
    ///     println!("{}", account.user_info(&login).await?.nickname);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Code `48001` if the scope was not granted; [`Error::is_token_invalid`] if the token has expired.
    pub async fn user_info(&self, token: &WebToken) -> Result<UserInfo, Error> {
        const ENDPOINT: &str = "sns/userinfo";
        let request = || {
            self.0.http.get(&self.url(ENDPOINT)).query(&[
                ("access_token", token.access_token.expose()),
                ("openid", &token.openid),
                ("lang", "zh_CN"),
            ])
        };
        let body = self.call_with_retry(ENDPOINT, request).await?;
        response::read_repaired(ENDPOINT, &body)
    }

    /// Renews the token of a login (`sns/oauth2/refresh_token`), for at most thirty days after the login. WeChat's
    /// response does not contain `unionid` and `is_snapshotuser`, so both keep their values.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let login = account.web_token("the code that came back").await?;
    /// let login = account.refresh_token(&login).await?;
    /// println!("{} more seconds", login.expires_in);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refresh_token_invalid`]: the user must log in again.
    pub async fn refresh_token(&self, token: &WebToken) -> Result<WebToken, Error> {
        const ENDPOINT: &str = "sns/oauth2/refresh_token";
        let request = || {
            self.0.http.get(&self.url(ENDPOINT)).query(&[
                ("appid", self.appid()),
                ("grant_type", "refresh_token"),
                ("refresh_token", token.refresh_token.expose()),
            ])
        };
        let body = self.call_with_retry(ENDPOINT, request).await?;
        let renewed: Exchanged = response::read(ENDPOINT, &body)?;
        if renewed.openid != token.openid {
            return Err(Error::malformed(ENDPOINT, "the response is about another user"));
        }
        Ok(WebToken {
            openid: renewed.openid,
            access_token: Secret::new(renewed.access_token),
            refresh_token: Secret::new(renewed.refresh_token),
            expires_in: renewed.expires_in,
            scope: renewed.scope,
            unionid: renewed.unionid.filter(|unionid| !unionid.is_empty()).or_else(|| token.unionid.clone()),
            is_snapshotuser: token.is_snapshotuser || renewed.is_snapshotuser == 1,
        })
    }

    /// Whether the token of a login is still valid (`sns/auth`).
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let mut login = account.web_token("the code that came back").await?;
    /// if !account.auth(&login).await? {
    ///     login = account.refresh_token(&login).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error of the call, except a refusal of the token, which is `false`.
    pub async fn auth(&self, token: &WebToken) -> Result<bool, Error> {
        const ENDPOINT: &str = "sns/auth";
        let request = || {
            self.0
                .http
                .get(&self.url(ENDPOINT))
                .query(&[("access_token", token.access_token.expose()), ("openid", &token.openid)])
        };
        match self.call_with_retry(ENDPOINT, request).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_token_invalid() || error.code() == Some("40003") => Ok(false),
            Err(error) => Err(error),
        }
    }
}
