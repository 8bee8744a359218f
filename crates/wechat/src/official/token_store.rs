use std::{error::Error as StdError, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::Secret;

/// The future that a store returns.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps tokens so that several processes share one token, and only one of them refreshes it at a time.
///
/// A store must guarantee:
/// - Only one holder has the lease at a time, and the lease expires. A process that dies does not block the others.
/// - [`TokenStore::publish`] compares the version and writes in one step. A late response replaces no newer token.
/// - The number of forced refreshes counts all processes together.
///
/// The store measures all lifetimes with its own clock, so the clocks of the processes may differ.
/// [`super::MemoryTokenStore`] is a store for one process.
///
/// ```
/// use std::time::Duration;
/// use wechat::official::{StoreError, TokenName, TokenStore};
///
/// /// Whether this process must fetch a new token.
/// async fn is_mine(store: &dyn TokenStore, name: &TokenName) -> Result<bool, StoreError> {
///     if store.load(name).await?.is_some() {
///         return Ok(false);
///     }
///     Ok(store.lease(name, Duration::from_secs(10)).await?.is_some())
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The current token, unless it has expired.
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>>;

    /// The version of the last published token, even if it has expired. It is 0 if there was none.
    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64>;

    /// Tries to take the lease for the given time. Returns none if another holder has it.
    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>>;

    /// Releases a lease. Does nothing if it has expired or another holder has the lease now.
    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()>;

    /// Replaces the token that has this version (0: there was no token) and increases the version by one. Returns
    /// false, and changes nothing, if the version is different.
    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Counts a forced refresh and returns whether it is allowed: the last one was at least `spacing` ago, and there
    /// were fewer than `per_day` in the last 24 hours. A refresh that is not allowed is not counted.
    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool>;
}

/// The key of a token: which token of which account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenName {
    /// The account.
    pub appid: String,
    /// The kind of the token.
    pub kind: TokenKind,
}

/// The kinds of tokens of an account.
///
/// ```
/// use wechat::official::TokenKind;
///
/// assert_eq!(TokenKind::AccessToken.as_str(), "access_token");
/// assert_eq!(TokenKind::JsapiTicket.as_str(), "jsapi_ticket");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// The `access_token` of the account.
    AccessToken,
    /// The JS-SDK ticket.
    JsapiTicket,
}

impl TokenKind {
    /// A stable word for databases.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::JsapiTicket => "jsapi_ticket",
        }
    }
}

/// A token in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub token: Secret,
    /// Increases by one with each token, from 1.
    pub version: i64,
    /// The remaining lifetime.
    pub expires_in: Duration,
    /// The lifetime when the token was published.
    pub lifetime: Duration,
}

/// The number of a lease. Each lease has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease(pub i64);

/// Why a store failed. Cheap to clone: all callers that waited share it.
///
/// ```
/// assert_eq!(wechat::official::StoreError::new("the disk is full").to_string(), "the disk is full");
/// ```
#[derive(Clone)]
pub struct StoreError(Arc<dyn StdError + Send + Sync>);

impl StoreError {
    /// Wraps an error of the store. It must not quote a token.
    #[must_use]
    pub fn new(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(error.into().into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}
