use std::{error::Error as StdError, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::Secret;

/// What a store gives: in its own time, and perhaps not at all.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where tokens are kept, so that any number of processes share one token with one refresher at a time.
///
/// What a store promises:
/// - A lease is held by one at a time, and ends by itself: a process that dies does not stop the others.
/// - [`TokenStore::publish`] compares the version and sets in one step: a late answer never replaces a newer token.
/// - It counts forced refreshes for all processes together.
///
/// Times are lifetimes from now on, measured by the store's own clock, so that processes need not agree on the time.
/// [`super::MemoryTokenStore`] is the store of one process.
///
/// ```
/// use std::time::Duration;
/// use wechat::official::{StoreError, TokenName, TokenStore};
///
/// /// Whether a new token has to be fetched by this process.
/// async fn is_mine(store: &dyn TokenStore, name: &TokenName) -> Result<bool, StoreError> {
///     if store.load(name).await?.is_some() {
///         return Ok(false);
///     }
///     Ok(store.lease(name, Duration::from_secs(10)).await?.is_some())
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The current token, if there is one that has not ended.
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>>;

    /// The version of the token that was published last, whether it has ended or not; 0 where there was none.
    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64>;

    /// Tries to become the one who refreshes, for so long at most. Nothing where somebody else is.
    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>>;

    /// Gives a lease back. One that has ended, or that somebody else holds by now, is left alone.
    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()>;

    /// Puts a token in the place of the one with this version (0: of none that was ever there), with the next higher
    /// version. Says whether it did: not where the version is another one by now.
    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Counts a forced refresh that is about to be made. Says whether it may be made: the last one is at least
    /// `spacing` ago, and fewer than `per_day` were made in the last 24 hours. One that may not is not counted.
    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool>;
}

/// Which token of which account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenName {
    /// The account.
    pub appid: String,
    /// Which of its tokens.
    pub kind: TokenKind,
}

/// The tokens that an account has.
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
    /// The platform's `access_token`.
    AccessToken,
    /// The JS-SDK's ticket.
    JsapiTicket,
}

impl TokenKind {
    /// A word to keep it under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::JsapiTicket => "jsapi_ticket",
        }
    }
}

/// A token as a store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub token: Secret,
    /// Counts up with each token, from 1.
    pub version: i64,
    /// How long it lives from now on.
    pub expires_in: Duration,
    /// How long it lived when it was published.
    pub lifetime: Duration,
}

/// The number of a lease; each has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease(pub i64);

/// Why a store did not answer. Cheap to clone: all who waited share it.
///
/// ```
/// assert_eq!(wechat::official::StoreError::new("the disk is full").to_string(), "the disk is full");
/// ```
#[derive(Clone)]
pub struct StoreError(Arc<dyn StdError + Send + Sync>);

impl StoreError {
    /// Takes over what the store's own library says; it must not quote a token.
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
