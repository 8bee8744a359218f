use std::{error::Error as StdError, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::Secret;

/// The future that the methods of a store return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps tokens, so that several processes share one token and only one process at a time refreshes it.
///
/// A store must guarantee:
/// - Only one holder has the lease at a time, and the lease expires. So a process that crashes does not block the
///   others.
/// - [`TokenStore::publish`] compares the version and writes in one transaction. So a late response does not replace a
///   newer token.
/// - [`TokenStore::count_forced`] counts the forced refreshes of all processes together.
///
/// The store measures all lifetimes with its own clock, so the clocks of the processes may differ.
/// [`super::MemoryTokenStore`] is a store for one process.
///
/// # Errors
///
/// Each method returns a [`StoreError`] if the store cannot be read or written.
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
    /// Reads the current token. `None` if there is none or it has expired.
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>>;

    /// Reads the version of the last published token, even if it has expired. 0 if no token was published yet.
    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64>;

    /// Tries to take the lease for `length`. `None` if another holder has it.
    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>>;

    /// Releases a lease. Does nothing if another holder has the lease now.
    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()>;

    /// Writes a token and increases the version by one, if the current version is `replaces` (0: no token was published
    /// yet). Otherwise changes nothing and returns false.
    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Counts a forced refresh if it is allowed, and returns whether it is. It is allowed if the last one was at least
    /// `spacing` ago and the last 24 hours had fewer than `per_day`.
    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool>;
}

/// Which token of which account. It is the key of a token in a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenName {
    /// The `appid` of the account.
    pub appid: String,
    /// The kind of the token.
    pub kind: TokenKind,
}

/// The kind of a token: an account has one token of each kind.
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
    /// The word for a database. It never changes.
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
    /// The token or ticket itself.
    pub token: Secret,
    /// 1 for the first token, and one more for each next one.
    pub version: i64,
    /// The remaining lifetime.
    pub expires_in: Duration,
    /// The lifetime that the token had when it was published.
    pub lifetime: Duration,
}

/// The number of a lease. Each lease has another one, so [`TokenStore::release`] cannot release the lease of another
/// holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease(pub i64);

/// Why a store failed. Cheap to clone, because all callers that wait for one refresh share its error.
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
