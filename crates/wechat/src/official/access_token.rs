use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{
    Official, TokenKind, TokenName, response,
    token_cache::{CachedToken, FetchedToken},
};
use crate::{Error, Secret};

/// WeChat ignores a forced refresh within this time after another one (`cgi-bin/stable_token`).
const MIN_FORCED_INTERVAL: Duration = Duration::from_secs(30);

/// WeChat's limit for forced refreshes per day.
const MAX_FORCED_PER_DAY: u32 = 20;

/// The call that returns the access token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenMode {
    /// `cgi-bin/stable_token`: all programs of an account get the same token.
    #[default]
    Stable,
    /// `cgi-bin/token`: each call invalidates the token of all other programs.
    Classic,
}

#[derive(Serialize)]
struct StableRequest<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    force_refresh: bool,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
    expires_in: u64,
}

impl Official {
    /// The access token of the account. It comes from the cache, which refreshes it before it expires.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let token = account.access_token().await?;
    /// println!("…?access_token={}", token.expose());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Code `40164` if this server is not on the account's IP whitelist. After a failed refresh without a valid token,
    /// all calls return the same error for up to ten seconds.
    pub async fn access_token(&self) -> Result<Secret, Error> {
        self.token(None).await.map(|held| held.value)
    }

    /// The access token and its remaining lifetime, for a server that gives the token to other programs.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let (token, lifetime) = account.access_token_with_lifetime().await?;
    /// println!("{} lives {} s", token.expose(), lifetime.as_secs());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Official::access_token`].
    pub async fn access_token_with_lifetime(&self) -> Result<(Secret, Duration), Error> {
        let held = self.token(None).await?;
        Ok((held.value, held.expires_at.saturating_duration_since(Instant::now())))
    }

    /// The ticket for the JS-SDK. It comes from the cache, which refreshes it before it expires.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let ticket = account.jsapi_ticket().await?;
    /// let url = "https://shop.example.com/";
    /// println!("{}", wechat::wire::jssdk::signature(ticket.expose(), "a nonce", 1_767_240_000, url));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Official::access_token`].
    pub async fn jsapi_ticket(&self) -> Result<Secret, Error> {
        let official = self.clone();
        self.0
            .ticket
            .get(None, |_| {
                let official = official.clone();
                async move { official.fetch_ticket().await }
            })
            .await
            .map(|held| held.value)
    }

    /// Reports that WeChat refused this token ([`Error::is_token_invalid`]), and returns the token to use instead. If
    /// the refused token is still the current one, this refreshes it, once for all callers that report it. Otherwise
    /// this returns the current token at once.
    ///
    /// ```no_run
    /// # async fn example(account: wechat::Official) -> Result<(), wechat::Error> {
    /// let token = account.access_token().await?;
    /// // … a call with it failed with 40001 …
    /// let token = account.report_invalid(&token).await?;
    /// println!("again with {}", token.expose());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Official::access_token`].
    pub async fn report_invalid(&self, token: &Secret) -> Result<Secret, Error> {
        self.token(Some(token)).await.map(|held| held.value)
    }

    /// The current token. It differs from `rejected`, unless WeChat returned the rejected token again.
    async fn token(&self, rejected: Option<&Secret>) -> Result<CachedToken, Error> {
        let official = self.clone();
        self.0
            .token
            .get(rejected, |rejected| {
                let official = official.clone();
                async move {
                    match official.0.token_mode {
                        TokenMode::Stable => official.fetch_stable(rejected).await,
                        TokenMode::Classic => official.fetch_classic().await,
                    }
                }
            })
            .await
    }

    async fn fetch_classic(&self) -> Result<FetchedToken, Error> {
        const ENDPOINT: &str = "cgi-bin/token";
        let request = || {
            self.0.http.get(&self.url(ENDPOINT)).query(&[
                ("grant_type", "client_credential"),
                ("appid", self.appid()),
                ("secret", self.0.secret.expose()),
            ])
        };
        let body = self.call_with_retry(ENDPOINT, request).await?;
        let token: Token = response::read(ENDPOINT, &body)?;
        fetched(ENDPOINT, token.access_token, token.expires_in)
    }

    /// Forces a refresh only if WeChat returns the rejected token again.
    async fn fetch_stable(&self, rejected: Option<Secret>) -> Result<FetchedToken, Error> {
        let token = self.ask_stable(false).await?;
        if rejected.as_ref() == Some(&token.value) && self.may_force().await? {
            tracing::info!(appid = self.appid(), "WeChat rejected the access token; forcing a refresh");
            return self.ask_stable(true).await;
        }
        Ok(token)
    }

    /// Whether a forced refresh is allowed now. If it is, the store counts it.
    async fn may_force(&self) -> Result<bool, Error> {
        let name = TokenName { appid: self.0.appid.clone(), kind: TokenKind::AccessToken };
        let may = self.0.store.count_forced(&name, MIN_FORCED_INTERVAL, MAX_FORCED_PER_DAY).await;
        let may = may.map_err(|error| Error::store("access_token", error))?;
        if !may {
            tracing::warn!(
                appid = self.appid(),
                "WeChat rejected the access token, and no forced refresh is allowed now"
            );
        }
        Ok(may)
    }

    async fn ask_stable(&self, force_refresh: bool) -> Result<FetchedToken, Error> {
        const ENDPOINT: &str = "cgi-bin/stable_token";
        let request = || {
            self.0.http.post(&self.url(ENDPOINT)).json(&StableRequest {
                grant_type: "client_credential",
                appid: self.appid(),
                secret: self.0.secret.expose(),
                force_refresh,
            })
        };
        let body = self.call_with_retry(ENDPOINT, request).await?;
        let token: Token = response::read(ENDPOINT, &body)?;
        fetched(ENDPOINT, token.access_token, token.expires_in)
    }

    async fn fetch_ticket(&self) -> Result<FetchedToken, Error> {
        let token = self.access_token().await?;
        match self.ask_ticket(&token).await {
            Err(error) if error.is_token_invalid() => {
                let newer = self.report_invalid(&token).await?;
                if newer == token {
                    return Err(error);
                }
                self.ask_ticket(&newer).await
            }
            done => done,
        }
    }

    async fn ask_ticket(&self, token: &Secret) -> Result<FetchedToken, Error> {
        const ENDPOINT: &str = "cgi-bin/ticket/getticket";
        let request = || {
            self.0.http.get(&self.url(ENDPOINT)).query(&[("access_token", token.expose()), ("type", "jsapi")])
        };
        let body = self.call_with_retry(ENDPOINT, request).await?;
        let ticket: Ticket = response::read(ENDPOINT, &body)?;
        fetched(ENDPOINT, ticket.ticket, ticket.expires_in)
    }
}

/// WeChat's longest lifetime is two hours. The limit prevents an overflow if WeChat sends a wrong value.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

fn fetched(endpoint: &'static str, value: String, expires_in: u64) -> Result<FetchedToken, Error> {
    if value.is_empty() || expires_in == 0 {
        return Err(Error::malformed(endpoint, "the token is empty or has no lifetime"));
    }
    tracing::info!(endpoint, expires_in, "refreshed");
    Ok(FetchedToken {
        value: Secret::new(value),
        lifetime: Duration::from_secs(expires_in).min(MAX_LIFETIME),
    })
}
