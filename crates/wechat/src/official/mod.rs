//! An official account (服务号): web login, the access token, the JS-SDK ticket.

mod access_token;
mod js_config;
mod memory_store;
pub(crate) mod response;
mod token_cache;
mod token_store;
mod web_token;

use std::{fmt, sync::Arc};

use reqwest::RequestBuilder;
use serde::Serialize;

use self::token_cache::TokenCache;
pub use self::{
    access_token::TokenMode,
    js_config::JsConfig,
    memory_store::MemoryTokenStore,
    token_store::{Lease, StoreError, StoreFuture, StoredToken, TokenKind, TokenName, TokenStore},
    web_token::{UserInfo, WebToken},
};
use crate::{Endpoints, Error, ErrorKind, Http, Secret};

/// The client of one official account. Cheap to clone; clones share one token and one ticket.
///
/// Its calls need a tokio runtime, because each refresh of a token is a task.
///
/// ```
/// use wechat::{Endpoints, Http, HttpOptions, Official, Secret, TokenMode};
///
/// let account = Official::new(
///     Http::new(&HttpOptions::default())?,
///     Endpoints::default(),
///     "wxd930ea5d5a258f4f",
///     Secret::new("the app secret"),
///     TokenMode::Stable,
/// );
/// assert_eq!(account.appid(), "wxd930ea5d5a258f4f");
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone)]
pub struct Official(Arc<Inner>);

struct Inner {
    http: Http,
    endpoints: Endpoints,
    appid: String,
    secret: Secret,
    token_mode: TokenMode,
    store: Arc<dyn TokenStore>,
    token: TokenCache,
    ticket: TokenCache,
}

/// Returns an error if the body is a refusal.
type Check = fn(&'static str, &[u8]) -> Result<(), Error>;

impl Official {
    /// Creates a client that keeps its tokens in the memory of this process.
    #[must_use]
    pub fn new(
        http: Http,
        endpoints: Endpoints,
        appid: impl Into<String>,
        secret: Secret,
        token_mode: TokenMode,
    ) -> Self {
        let store = Arc::new(MemoryTokenStore::new());
        Self::with_store(http, endpoints, appid, secret, token_mode, store)
    }

    /// Creates a client that keeps its tokens in `store`. Several processes may share a store.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wechat::{Endpoints, Http, HttpOptions, Official, Secret, TokenMode, official::MemoryTokenStore};
    ///
    /// let (http, store) = (Http::new(&HttpOptions::default())?, Arc::new(MemoryTokenStore::new()));
    /// let secret = Secret::new("the app secret");
    /// let account = Official::with_store(http, Endpoints::default(), "wx1", secret, TokenMode::Stable, store);
    /// assert!(!format!("{account:?}").contains("the app secret"));
    /// # Ok::<(), wechat::Error>(())
    /// ```
    #[must_use]
    pub fn with_store(
        http: Http,
        endpoints: Endpoints,
        appid: impl Into<String>,
        secret: Secret,
        token_mode: TokenMode,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        let appid = appid.into();
        let cache = |kind| TokenCache::new(TokenName { appid: appid.clone(), kind }, Arc::clone(&store));
        let (token, ticket) = (cache(TokenKind::AccessToken), cache(TokenKind::JsapiTicket));
        Self(Arc::new(Inner { http, endpoints, appid, secret, token_mode, store, token, ticket }))
    }

    /// The account's `appid`.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.0.appid
    }

    /// For a call that may be sent twice. Retries once if no response came or WeChat was busy.
    async fn call_with_retry(
        &self,
        endpoint: &'static str,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Vec<u8>, Error> {
        match self.call_once(endpoint, request()).await {
            Err(error) if error.kind() == ErrorKind::Transport || error.is_busy() => {
                self.call_once(endpoint, request()).await
            }
            done => done,
        }
    }

    /// For a call with a code that works once. Retries only if the connection failed.
    pub(crate) async fn call_single_use(
        &self,
        endpoint: &'static str,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Vec<u8>, Error> {
        match self.call_once(endpoint, request()).await {
            Err(error) if error.is_connect() => self.call_once(endpoint, request()).await,
            done => done,
        }
    }

    /// Posts JSON with the access token. Retries only if the connection failed or WeChat refused the token. WeChat
    /// checks the token first, so a refused call had no effect.
    pub(crate) async fn post_once(
        &self,
        endpoint: &'static str,
        body: &(impl Serialize + Sync),
    ) -> Result<Vec<u8>, Error> {
        self.post_checked(endpoint, body, response::check).await
    }

    /// Posts JSON like [`Self::post_once`]. The response is a file; only a refusal is JSON.
    pub(crate) async fn post_for_file(
        &self,
        endpoint: &'static str,
        body: &(impl Serialize + Sync),
    ) -> Result<Vec<u8>, Error> {
        self.post_checked(endpoint, body, response::check_file).await
    }

    async fn post_checked(
        &self,
        endpoint: &'static str,
        body: &(impl Serialize + Sync),
        check: Check,
    ) -> Result<Vec<u8>, Error> {
        let ask = async |token: &Secret| {
            let request = || {
                self.0.http.post(&self.url(endpoint)).query(&[("access_token", token.expose())]).json(body)
            };
            match self.call_checked(endpoint, request(), check).await {
                Err(error) if error.is_connect() => self.call_checked(endpoint, request(), check).await,
                done => done,
            }
        };
        let token = self.access_token().await?;
        match ask(&token).await {
            Err(error) if error.is_token_invalid() => {
                let newer = self.report_invalid(&token).await?;
                if newer == token {
                    return Err(error);
                }
                ask(&newer).await
            }
            done => done,
        }
    }

    async fn call_once(&self, endpoint: &'static str, request: RequestBuilder) -> Result<Vec<u8>, Error> {
        self.call_checked(endpoint, request, response::check).await
    }

    async fn call_checked(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
        check: Check,
    ) -> Result<Vec<u8>, Error> {
        let body = self.0.http.send(endpoint, request).await?;
        check(endpoint, &body).inspect_err(|error| self.0.http.refused(endpoint, error))?;
        Ok(body)
    }

    pub(crate) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0.secret
    }

    pub(crate) fn url(&self, endpoint: &str) -> String {
        format!("{}/{endpoint}", self.0.endpoints.api())
    }
}

impl fmt::Debug for Official {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Official").field("appid", &self.0.appid).finish_non_exhaustive()
    }
}
