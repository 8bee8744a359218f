use std::{borrow::Cow, fmt, sync::Arc};

use crate::official::StoreError;

/// Why a call failed. Cheap to clone: all who waited for one refresh share its error.
///
/// Nothing secret is in it, neither in `Display` nor in `Debug`.
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

#[derive(Debug)]
struct Inner {
    /// The call, as the documentation names it: `pay/orderquery`.
    endpoint: &'static str,
    cause: Cause,
}

/// What WeChat said when it refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    /// The field that was wrong: `/amount/total`.
    pub(crate) field: Option<String>,
    /// Whether the answer is proved to be WeChat's: what Pay says without a signature is for people only.
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

    /// The URL is taken out: it carries the app secret in its query.
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
        Self::refusal(endpoint, Refusal { code, message, request_id, field: None, verified: true })
    }

    /// Pay V2 refused without a signature.
    pub(crate) fn unsigned(endpoint: &'static str, message: String) -> Self {
        Self::refusal(
            endpoint,
            Refusal { code: None, message, request_id: None, field: None, verified: false },
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

    /// Who failed.
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

    /// The call that failed, as the documentation names it.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        self.0.endpoint
    }

    /// WeChat's code: `40029`, `ORDERPAID`.
    ///
    /// There is none where Pay refused without a signature (`return_code=FAIL`).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.code.as_deref(),
            _ => None,
        }
    }

    /// WeChat's own words.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => Some(&refusal.message),
            _ => None,
        }
    }

    /// The field that was wrong, where Pay V3 names it: `/amount/total`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.field.as_deref(),
            _ => None,
        }
    }

    /// The number under which WeChat's support finds the call (`rid`, with Pay V3 `Request-ID`).
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Service(refusal) => refusal.request_id.as_deref(),
            _ => None,
        }
    }

    /// Whether the same call may succeed a little later. A call that changes something is repeated with the same
    /// number and the same bytes only.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.cause {
            Cause::Transport(_) | Cause::Abandoned | Cause::Store(_) => true,
            Cause::Status(429) => true,
            _ => {
                self.is_busy()
                    || self.has_code(&[
                        "45011",
                        "BIZERR_NEED_RETRY",
                        "FREQUENCY_LIMITED",
                        "INVALID_REQ_TOO_MUCH",
                        "RATELIMIT_EXCEEDED",
                    ])
            }
        }
    }

    /// Whether WeChat's server failed on its own, so that it may be asked again at once.
    pub(crate) fn is_busy(&self) -> bool {
        match &self.0.cause {
            Cause::Status(status) => *status >= 500,
            _ => self.has_code(&["-1", "SYSTEMERROR", "SYSTEM_ERROR"]),
        }
    }

    /// Whether this is a refusal that is proved to be WeChat's: signed by Pay, or said by `api.weixin.qq.com` over TLS.
    ///
    /// Only such a refusal may end an order or a refund. An unsigned `return_code=FAIL`, an unsigned answer of Pay V3 and
    /// an HTTP status prove nothing.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether a person has to look at the keys and at the network first.
    /// fn proves_nothing(error: &Error) -> bool {
    ///     !error.is_verified()
    /// }
    /// ```
    #[must_use]
    pub fn is_verified(&self) -> bool {
        matches!(&self.0.cause, Cause::Service(refusal) if refusal.verified)
    }

    /// Whether time ran out, while connecting or while waiting for the answer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if error.is_timeout())
    }

    /// Whether the connection was never made, so that the request cannot have taken effect.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether a call that may not be made twice may be made again.
    /// fn was_never_made(error: &Error) -> bool {
    ///     error.is_connect() && !error.is_timeout()
    /// }
    /// ```
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if error.is_connect())
    }

    /// Whether the order is paid already.
    ///
    /// This one and the next four are true only where [`Error::is_verified`] is: what Pay says without a signature is
    /// no reason to change an order.
    #[must_use]
    pub fn is_order_paid(&self) -> bool {
        self.is_verified_with(&["ORDERPAID", "ORDER_PAID"])
    }

    /// Whether the order is closed already.
    #[must_use]
    pub fn is_order_closed(&self) -> bool {
        self.is_verified_with(&["ORDERCLOSED", "ORDER_CLOSED"])
    }

    /// Whether WeChat knows no such order.
    #[must_use]
    pub fn is_order_not_exist(&self) -> bool {
        self.is_verified_with(&["ORDERNOTEXIST", "ORDER_NOT_EXIST"])
    }

    /// Whether WeChat knows no such refund.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether a refund has to be asked for again, with the same number and the same bytes.
    /// fn never_arrived(error: &Error) -> bool {
    ///     error.is_refund_not_exist() && !error.is_refund_refused()
    /// }
    /// ```
    #[must_use]
    pub fn is_refund_not_exist(&self) -> bool {
        self.is_verified_with(&["REFUNDNOTEXIST", "RESOURCE_NOT_EXISTS"])
    }

    /// Whether WeChat says, verified, that it will never make this refund. The codes are a closed list: the documents of
    /// both generations say of each that the application has failed (doc/v2/merchant/4011985040, doc/v3/merchant/4012791862).
    ///
    /// After every other error the refund stays as it is and is asked for again, with the same `out_refund_no`: the
    /// balance may not suffice yet (`NOTENOUGH`), WeChat may be busy, or a key or a certificate may be wrong.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// What becomes of a refund whose request failed.
    /// fn next(error: &Error) -> &'static str {
    ///     if error.is_refund_refused() { "query it: it may exist" } else { "ask again later" }
    /// }
    /// ```
    #[must_use]
    pub fn is_refund_refused(&self) -> bool {
        // V2: too late, a reason in words, the payer's account is closed. V3: against the rules, the same account
        self.is_verified_with(&["TRADE_OVERDUE", "ERROR", "USER_ACCOUNT_ABNORMAL", "INVALID_REQUEST"])
    }

    /// Whether WeChat says, verified, that nothing will be paid with this payment code (`pay/micropay`,
    /// `v3/pay/transactions/codepay`). After every other error the payment is open and has to be queried.
    pub(crate) fn is_code_payment_refused(&self) -> bool {
        self.is_verified_with(&[
            "AUTHCODEEXPIRE",
            "AUTH_CODE_EXPIRED",
            "AUTH_CODE_ERROR",
            "AUTH_CODE_INVALID",
            "NOTSUPORTCARD",
            "NOTENOUGH",
            "NOT_ENOUGH",
            "BUYER_MISMATCH",
            "ORDERREVERSED",
            "ORDERCLOSED",
            "ORDER_CLOSED",
            "OUT_TRADE_NO_USED",
            "PARAM_ERROR",
            "LACK_PARAMS",
            "TRADE_ERROR",
            "RULELIMIT",
            "RULE_LIMIT",
        ])
    }

    /// Whether the shopper is typing the password: the order is to be queried.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether the till goes on asking how a payment by code ended.
    /// fn is_open(error: &Error) -> bool {
    ///     error.is_user_paying() || error.is_retryable()
    /// }
    /// ```
    #[must_use]
    pub fn is_user_paying(&self) -> bool {
        self.has_code(&["USERPAYING"])
    }

    /// Whether there is no bill of that day: nothing happened, or the day is too long ago.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// fn bill_of_yesterday(error: &Error) -> &'static str {
    ///     match () {
    ///         () if error.is_no_bill() => "nothing happened",
    ///         () if error.is_bill_creating() => "after ten in the morning",
    ///         () => "it failed",
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn is_no_bill(&self) -> bool {
        self.has_code(&["NO_STATEMENT_EXIST", "NO_BILL_EXIST"])
            || self.message().is_some_and(|message| message.eq_ignore_ascii_case("No Bill Exist"))
    }

    /// Whether the bill is not ready yet: after ten in the morning of the next day it is.
    #[must_use]
    pub fn is_bill_creating(&self) -> bool {
        self.has_code(&["STATEMENT_CREATING", "BILL_CREATING"])
            || self.message().is_some_and(|message| message.eq_ignore_ascii_case("Bill Creating"))
    }

    /// Whether the login code was used before (40163): web views fetch a page twice, shoppers go back.
    #[must_use]
    pub fn is_code_used(&self) -> bool {
        self.has_code(&["40163"])
    }

    /// Whether the login code is wrong, expired or another account's: only a new login helps.
    #[must_use]
    pub fn is_invalid_code(&self) -> bool {
        self.has_code(&["40029", "41008", "42003"])
    }

    /// Whether a login's refresh token is wrong or has ended: only a new login helps.
    ///
    /// ```
    /// use wechat::{Error, Official, official::WebToken};
    ///
    /// /// The renewed login; nothing where the shopper has to log in again.
    /// async fn renewed(account: &Official, login: &WebToken) -> Result<Option<WebToken>, Error> {
    ///     match account.refresh_token(login).await {
    ///         Err(error) if error.is_refresh_token_invalid() => Ok(None),
    ///         renewed => renewed.map(Some),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn is_refresh_token_invalid(&self) -> bool {
        self.has_code(&["40029", "40030", "42002", "42007"])
    }

    /// Whether the access token is not, or no longer, good (40001, 40014, 42001).
    ///
    /// ```
    /// use wechat::{Error, Official, Secret};
    ///
    /// async fn refused(account: &Official, token: &Secret, error: Error) -> Result<Secret, Error> {
    ///     if error.is_token_invalid() { account.report_invalid(token).await } else { Err(error) }
    /// }
    /// ```
    #[must_use]
    pub fn is_token_invalid(&self) -> bool {
        self.has_code(&["40001", "40014", "42001"])
    }

    fn is_verified_with(&self, codes: &[&str]) -> bool {
        self.is_verified() && self.has_code(codes)
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code))
    }
}

/// What follows `rid:` in an `errmsg`.
fn request_id(message: &str) -> Option<&str> {
    let (_, id) = message.rsplit_once("rid:")?;
    id.split_whitespace().next()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.endpoint)?;
        match &self.0.cause {
            Cause::Transport(error) if error.is_timeout() => f.write_str("no answer in time"),
            Cause::Transport(error) if error.is_connect() => {
                write!(f, "cannot connect: {}", innermost(error))
            }
            Cause::Transport(error) => write!(f, "the connection failed: {}", innermost(error)),
            Cause::Abandoned => f.write_str("the call was ended before its answer"),
            Cause::Verification(what) => write!(f, "the answer is not WeChat's: {what}"),
            Cause::Service(Refusal { code, message, field, .. }) => {
                let code = code.as_deref().unwrap_or("FAIL");
                write!(f, "WeChat refused: {code} {message}")?;
                if let Some(field) = field {
                    write!(f, " ({field})")?;
                }
                if code == "40164" {
                    f.write_str("; put this server's IP address on the account's white list (IP白名单)")?;
                }
                Ok(())
            }
            Cause::Decryption => f.write_str("the answer does not decrypt; is the key the current one?"),
            Cause::Store(error) => write!(f, "the token store failed: {error}"),
            Cause::Status(status) => write!(f, "WeChat answered with HTTP status {status}"),
            Cause::Malformed(what) => write!(f, "the answer cannot be read: {what}"),
            Cause::Configuration(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}

/// The innermost cause: the outer ones only say that a request failed.
fn innermost(error: &reqwest::Error) -> &dyn std::error::Error {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trap_23_a_server_that_is_not_on_the_white_list_is_told_so() {
        let error = Error::service(
            "cgi-bin/stable_token",
            Some("40164".into()),
            "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 5f3c1b2a-0a1b2c3d-1a2b3c4d".into(),
        );
        let text = error.to_string();
        assert!(text.contains("white list") && text.contains("1.2.3.4"), "{text}");
        assert_eq!(error.request_id(), Some("5f3c1b2a-0a1b2c3d-1a2b3c4d"));
    }

    #[test]
    fn both_spellings_of_a_pay_code_are_understood() {
        let with = |code: &str| Error::service("pay/closeorder", Some(code.into()), String::new());
        assert!(with("ORDERPAID").is_order_paid() && with("ORDER_PAID").is_order_paid());
        assert!(with("ORDERCLOSED").is_order_closed() && with("ORDER_CLOSED").is_order_closed());
        assert!(with("ORDERNOTEXIST").is_order_not_exist() && with("ORDER_NOT_EXIST").is_order_not_exist());
        assert!(with("SYSTEMERROR").is_retryable() && !with("ORDERPAID").is_retryable());
    }

    #[test]
    fn only_a_verified_refusal_from_the_list_ends_a_refund() {
        let with = |code: &str, verified| {
            Error::refusal(
                "v3/refund/domestic/refunds",
                Refusal {
                    code: Some(code.to_owned()),
                    message: String::new(),
                    request_id: None,
                    field: None,
                    verified,
                },
            )
        };
        for code in ["TRADE_OVERDUE", "ERROR", "USER_ACCOUNT_ABNORMAL", "INVALID_REQUEST"] {
            assert!(with(code, true).is_refund_refused() && !with(code, false).is_refund_refused(), "{code}");
        }
        for code in [
            "NOTENOUGH",
            "NOT_ENOUGH",
            "SYSTEMERROR",
            "BIZERR_NEED_RETRY",
            "INVALID_REQ_TOO_MUCH",
            "FREQUENCY_LIMITED",
            "RATELIMIT_EXCEEDED",
            "NO_AUTH",
            "SIGNERROR",
            "SIGN_ERROR",
            "CERT_ERROR",
            "PARAM_ERROR",
            "A_CODE_OF_TOMORROW",
        ] {
            assert!(!with(code, true).is_refund_refused(), "{code}");
        }
        let unsigned = Error::unsigned("secapi/pay/refund", "签名错误".into());
        assert!(!unsigned.is_verified() && !unsigned.is_refund_refused());
        assert!((300..600).all(|status| !Error::status("secapi/pay/refund", status).is_refund_refused()));
    }

    #[test]
    fn a_payment_by_code_is_over_only_where_a_verified_refusal_says_so() {
        let signed = |code: &str| Error::service("pay/micropay", Some(code.into()), String::new());
        assert!(signed("AUTHCODEEXPIRE").is_code_payment_refused());
        for code in ["USERPAYING", "SYSTEMERROR", "BANKERROR", "ORDERPAID", "SIGNERROR", "A_CODE_OF_TOMORROW"]
        {
            assert!(!signed(code).is_code_payment_refused(), "{code}");
        }
        assert!(!Error::unsigned("pay/micropay", "系统繁忙".into()).is_code_payment_refused());
        assert!(!Error::status("pay/micropay", 403).is_code_payment_refused());
    }

    #[test]
    fn an_unsigned_refusal_has_no_code() {
        let error = Error::service("pay/orderquery", None, "ORDERPAID".into());
        assert!(!error.is_order_paid());
        assert_eq!(error.kind(), ErrorKind::Service);
    }
}
