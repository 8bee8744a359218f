/// Who failed.
///
/// ```
/// use wechat::{Error, ErrorKind};
///
/// /// What to do about an order whose query failed.
/// fn next(error: &Error) -> &'static str {
///     match error.kind() {
///         _ if error.is_order_not_exist() => "place it",
///         _ if error.is_retryable() => "ask again later",
///         ErrorKind::Verification | ErrorKind::Decryption => "look at the keys",
///         ErrorKind::Configuration => "look at the configuration",
///         _ => "tell a person, with Error::endpoint and Error::request_id",
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No answer came. Whether the request took effect is not known, unless the connection was never made.
    Transport,
    /// An answer came, and it is not proved to be WeChat's for this merchant.
    Verification,
    /// WeChat refused, or its server failed.
    Service,
    /// An answer is proved to be WeChat's and does not decrypt: most likely the key is not the current one.
    Decryption,
    /// The answer is not what the documentation says.
    Malformed,
    /// The store of tokens did not answer.
    Store,
    /// A value that this program was given cannot be used.
    Configuration,
}
