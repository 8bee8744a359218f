use serde::Deserialize;

use super::{Official, response};
use crate::{Error, Secret, json};

/// What a login's `code` was exchanged for (`sns/oauth2/access_token`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebToken {
    /// Who it is, in the name space of this account.
    pub openid: String,
    /// For [`Official::user_info`] only; not the platform's token.
    pub access_token: Secret,
    /// Renews `access_token` for thirty days.
    pub refresh_token: Secret,
    /// How long `access_token` lives, in seconds.
    pub expires_in: i64,
    /// The scopes granted, separated by commas.
    pub scope: String,
    /// Who it is across the accounts of one company, where they are bound to an open platform account.
    pub unionid: Option<String>,
    /// A virtual user of WeChat's snapshot page: nobody to make an account for.
    pub is_snapshotuser: bool,
}

/// What somebody shows of themselves (`sns/userinfo`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// Who it is, in the name space of this account.
    pub openid: String,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub nickname: String,
    /// Their picture's address; empty where they have none.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub headimgurl: String,
    /// Who it is across the accounts of one company, where they are bound to an open platform account.
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
    /// The call is repeated only where the connection was never made: a code whose answer was lost is used up.
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
    /// [`Error::is_code_used`] where the code came a second time; [`Error::is_invalid_code`] where it is wrong,
    /// expired or another account's.
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

    /// Asks for name and picture; `token` must have been granted [`crate::oauth::Scope::UserInfo`].
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
    /// Code `48001` where the scope was not granted; [`Error::is_token_invalid`] where the token has ended.
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
        response::read_human(ENDPOINT, &body)
    }

    /// Renews a login's token (`sns/oauth2/refresh_token`): thirty days from the login, whatever happens in between.
    /// `unionid` and [`WebToken::is_snapshotuser`], which this call does not tell, are taken over.
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
    /// [`Error::is_refresh_token_invalid`]: only a new login helps.
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
            return Err(Error::malformed(ENDPOINT, "it is about another user"));
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

    /// Whether a login's token is still good (`sns/auth`).
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
    /// Where that could not be found out.
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
