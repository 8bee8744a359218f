mod display;
mod kind;
mod predicates;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt, sync::Arc};

pub use self::kind::ErrorKind;
use crate::official::StoreError;

/// Why a call failed. Cheap to clone: all callers that wait for one refresh share its error.
///
/// Neither `Display` nor `Debug` shows a secret.
///
/// ```
/// use wechat::{Endpoints, ErrorKind};
///
/// let error = Endpoints::default().with_mch("ftp://example.com").unwrap_err();
/// assert_eq!((error.kind(), error.code()), (ErrorKind::Configuration, None));
/// assert!(!error.is_retryable() && !error.is_order_paid());
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The call, by its name in WeChat's documentation: `pay/orderquery`.
    endpoint: &'static str,
    cause: Cause,
}

/// The content of WeChat's refusal.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    /// The field that is wrong: `/amount/total`.
    pub(crate) field: Option<String>,
    /// What is wrong with the field, or with the signature.
    pub(crate) issue: Option<String>,
    /// Whether a signature or TLS proves that WeChat sent the refusal. An unsigned refusal decides nothing.
    pub(crate) verified: bool,
}

#[derive(Debug)]
enum Cause {
    Transport(reqwest::Error),
    Abandoned,
    Verification(Cow<'static, str>),
    Service(Refusal),
    Decryption,
    Store(StoreError),
    Status(u16),
    Malformed(String),
    Configuration(String),
}

impl Error {
    fn new(endpoint: &'static str, cause: Cause) -> Self {
        Self(Arc::new(Inner { endpoint, cause }))
    }

    /// Removes the URL from the error, because its query contains the app secret.
    pub(crate) fn transport(endpoint: &'static str, error: reqwest::Error) -> Self {
        Self::new(endpoint, Cause::Transport(error.without_url()))
    }

    pub(crate) fn abandoned(endpoint: &'static str) -> Self {
        Self::new(endpoint, Cause::Abandoned)
    }

    pub(crate) fn verification(endpoint: &'static str, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(endpoint, Cause::Verification(what.into()))
    }

    pub(crate) fn service(endpoint: &'static str, code: Option<String>, message: String) -> Self {
        let request_id = request_id(&message).map(str::to_owned);
        Self::refusal(
            endpoint,
            Refusal { code, message, request_id, field: None, issue: None, verified: true },
        )
    }

    /// A refusal of Pay V2 without a signature.
    pub(crate) fn unsigned(endpoint: &'static str, message: String) -> Self {
        Self::refusal(
            endpoint,
            Refusal { code: None, message, request_id: None, field: None, issue: None, verified: false },
        )
    }

    pub(crate) fn refusal(endpoint: &'static str, refusal: Refusal) -> Self {
        Self::new(endpoint, Cause::Service(refusal))
    }

    pub(crate) fn store(endpoint: &'static str, error: StoreError) -> Self {
        Self::new(endpoint, Cause::Store(error))
    }

    pub(crate) fn decryption(endpoint: &'static str) -> Self {
        Self::new(endpoint, Cause::Decryption)
    }

    pub(crate) fn status(endpoint: &'static str, status: u16) -> Self {
        Self::new(endpoint, Cause::Status(status))
    }

    pub(crate) fn malformed(endpoint: &'static str, what: impl fmt::Display) -> Self {
        Self::new(endpoint, Cause::Malformed(what.to_string()))
    }

    pub(crate) fn configuration(what: impl fmt::Display) -> Self {
        Self::new("configuration", Cause::Configuration(what.to_string()))
    }

    /// The call that failed, by its name in WeChat's documentation: `pay/orderquery`.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        self.0.endpoint
    }

    /// WeChat's error code: `40029`, `ORDERPAID`.
    ///
    /// An unsigned refusal of Pay (`return_code=FAIL`) has no code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.code.as_deref(),
            _ => None,
        }
    }

    /// WeChat's error message, in Chinese or English. `None` if WeChat did not refuse the call.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => Some(&refusal.message),
            _ => None,
        }
    }

    /// The field that is wrong, if Pay V3 names it: `/amount/total`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.field.as_deref(),
            _ => None,
        }
    }

    /// What is wrong with the field or with the signature, if Pay V3 says it (`detail.issue`).
    #[must_use]
    pub fn issue(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.issue.as_deref(),
            _ => None,
        }
    }

    /// The number with which WeChat's support finds the call: `rid`, or `Request-ID` of Pay V3.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.request_id.as_deref(),
            _ => None,
        }
    }
}

/// The text after `rid:` in an `errmsg`.
fn request_id(message: &str) -> Option<&str> {
    let (_, id) = message.rsplit_once("rid:")?;
    id.split_whitespace().next()
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}
