use super::{Cause, Error};

/// What failed. Decide the next step with it, or with a method such as [`Error::is_retryable`].
///
/// ```
/// use wechat::{Error, ErrorKind};
///
/// /// The next step for an order whose query failed.
/// fn next(error: &Error) -> &'static str {
///     match error.kind() {
///         _ if error.is_order_not_exist() => "create it",
///         _ if error.is_retryable() => "try again later",
///         ErrorKind::Verification | ErrorKind::Decryption => "check the keys",
///         ErrorKind::Configuration => "check the configuration",
///         _ => "report it with Error::endpoint and Error::request_id",
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No response came. WeChat may have done what the request asks, unless [`Error::is_connect`] is true.
    Transport,
    /// A response came, but nothing proves that WeChat sent it to this merchant.
    Verification,
    /// WeChat refused the request, or its server failed.
    Service,
    /// WeChat sent the response, but the key does not decrypt it. Most likely the key is not the current one.
    Decryption,
    /// The response does not have the documented form.
    Malformed,
    /// The token store failed.
    Store,
    /// A value of the configuration or an argument is wrong. The message says which one.
    Configuration,
}

impl Error {
    /// What failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.0.cause {
            Cause::Transport(_) | Cause::Abandoned => ErrorKind::Transport,
            Cause::Verification(_) => ErrorKind::Verification,
            Cause::Service(_) | Cause::Status(_) => ErrorKind::Service,
            Cause::Decryption => ErrorKind::Decryption,
            Cause::Store(_) => ErrorKind::Store,
            Cause::Malformed(_) => ErrorKind::Malformed,
            Cause::Configuration(_) => ErrorKind::Configuration,
        }
    }
}
