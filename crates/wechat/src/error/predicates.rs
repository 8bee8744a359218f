//! The questions that a caller asks about an error.

use super::{Cause, Error};

impl Error {
    /// Whether the same call may succeed a little later. If the call changes something, repeat it only with the same
    /// number and the same bytes.
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

    /// Whether WeChat's server failed or was busy. The call may be repeated at once.
    pub(crate) fn is_busy(&self) -> bool {
        match &self.0.cause {
            Cause::Status(status) => *status >= 500,
            _ => self.has_code(&["-1", "SYSTEMERROR", "SYSTEM_ERROR"]),
        }
    }

    /// Whether there is proof that WeChat sent this refusal: Pay signed it, or `api.weixin.qq.com` sent it over TLS.
    ///
    /// Only such a refusal may end an order or a refund. An unsigned `return_code=FAIL`, an unsigned response of Pay
    /// V3 and an HTTP status prove nothing.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether the cause may be a wrong key or the network.
    /// fn proves_nothing(error: &Error) -> bool {
    ///     !error.is_verified()
    /// }
    /// ```
    #[must_use]
    pub fn is_verified(&self) -> bool {
        matches!(&self.0.cause, Cause::Service(refusal) if refusal.verified)
    }

    /// Whether the call timed out, while it connected or while it waited for the response.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if error.is_timeout())
    }

    /// Whether the connection failed without a timeout. WeChat did not get the request, so even a call that must not be
    /// made twice may be repeated.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.is_connect() && !self.is_timeout()
    }

    /// Whether the connection failed, also by a timeout. Then the request had no effect.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if error.is_connect())
    }

    /// Whether WeChat's trade management does not know the payment (`10060001`). Right after a payment this is normal:
    /// try again later.
    #[must_use]
    pub fn is_payment_unknown(&self) -> bool {
        self.has_code(&["10060001"])
    }

    /// Whether the user refuses this message, or the consent for one message is used up (`43101`).
    #[must_use]
    pub fn is_message_refused(&self) -> bool {
        self.has_code(&["43101"])
    }

    /// Whether WeChat refused because the order is already paid.
    ///
    /// This method and the next four return true only if [`Error::is_verified`] is true. Do not change an order because
    /// of an unsigned refusal.
    #[must_use]
    pub fn is_order_paid(&self) -> bool {
        self.is_verified_with(&["ORDERPAID", "ORDER_PAID"])
    }

    /// Whether WeChat refused because the order is already closed.
    #[must_use]
    pub fn is_order_closed(&self) -> bool {
        self.is_verified_with(&["ORDERCLOSED", "ORDER_CLOSED"])
    }

    /// Whether WeChat has no such order.
    #[must_use]
    pub fn is_order_not_exist(&self) -> bool {
        self.is_verified_with(&["ORDERNOTEXIST", "ORDER_NOT_EXIST"])
    }

    /// Whether WeChat has no such refund.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether a refund must be sent again, with the same number and the same bytes.
    /// fn never_arrived(error: &Error) -> bool {
    ///     error.is_refund_not_exist() && !error.is_refund_refused()
    /// }
    /// ```
    #[must_use]
    pub fn is_refund_not_exist(&self) -> bool {
        self.is_verified_with(&["REFUNDNOTEXIST", "RESOURCE_NOT_EXISTS"])
    }

    /// Whether WeChat will never make this refund. True only for a verified refusal with one of four codes. For these
    /// codes the documents say that the request has failed for good (doc/v2/merchant/4011985040,
    /// doc/v3/merchant/4012791862).
    ///
    /// After any other error, keep the refund and send it again with the same `out_refund_no`. The merchant's balance
    /// may be too low (`NOTENOUGH`), WeChat may be busy, or a key or a certificate may be wrong.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// The next step for a refund whose request failed.
    /// fn next(error: &Error) -> &'static str {
    ///     if error.is_refund_refused() { "query it: it may exist" } else { "try again later" }
    /// }
    /// ```
    #[must_use]
    pub fn is_refund_refused(&self) -> bool {
        // TRADE_OVERDUE: too late. ERROR: a reason in words. USER_ACCOUNT_ABNORMAL: the payer's account is closed.
        // INVALID_REQUEST (V3): not allowed
        self.is_verified_with(&["TRADE_OVERDUE", "ERROR", "USER_ACCOUNT_ABNORMAL", "INVALID_REQUEST"])
    }

    /// Whether no address is registered for notifications about complaints. WeChat's documents do not say which code
    /// means this, so three codes count.
    pub(crate) fn is_complaint_url_missing(&self) -> bool {
        self.is_verified_with(&["RESOURCE_NOT_EXISTS", "NOT_FOUND", "INVALID_REQUEST"])
    }

    /// Whether this payment code will never pay (`pay/micropay`, `v3/pay/transactions/codepay`). True only for a
    /// verified refusal. After any other error the outcome is open: query the order.
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

    /// Whether the shopper must still type the password (`USERPAYING`). Query the order later.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// /// Whether the till must query the order again.
    /// fn is_open(error: &Error) -> bool {
    ///     error.is_user_paying() || error.is_retryable()
    /// }
    /// ```
    #[must_use]
    pub fn is_user_paying(&self) -> bool {
        self.has_code(&["USERPAYING"])
    }

    /// Whether WeChat has no bill for that day: nothing happened, or the day is too long ago.
    ///
    /// ```
    /// use wechat::Error;
    ///
    /// fn bill_of_yesterday(error: &Error) -> &'static str {
    ///     match () {
    ///         () if error.is_no_bill() => "nothing happened",
    ///         () if error.is_bill_creating() => "try again after 10:00",
    ///         () => "it failed",
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn is_no_bill(&self) -> bool {
        self.has_code(&["NO_STATEMENT_EXIST", "NO_BILL_EXIST"])
            || self.message().is_some_and(|message| message.eq_ignore_ascii_case("No Bill Exist"))
    }

    /// Whether the bill is not ready yet. It is ready at 10:00 on the next day, Shanghai time.
    #[must_use]
    pub fn is_bill_creating(&self) -> bool {
        self.has_code(&["STATEMENT_CREATING", "BILL_CREATING"])
            || self.message().is_some_and(|message| message.eq_ignore_ascii_case("Bill Creating"))
    }

    /// Whether the login code was used before (`40163`). This is normal: a web view loads a page twice, or the shopper
    /// goes back.
    #[must_use]
    pub fn is_code_used(&self) -> bool {
        self.has_code(&["40163"])
    }

    /// Whether the login code is wrong, has expired or belongs to another account. The user must log in again.
    #[must_use]
    pub fn is_invalid_code(&self) -> bool {
        self.has_code(&["40029", "41008", "42003"])
    }

    /// Whether the refresh token of a login is wrong or has expired. The user must log in again.
    ///
    /// ```
    /// use wechat::{Error, Official, official::WebToken};
    ///
    /// /// Renews a login. `None` means that the user must log in again.
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

    /// Whether the access token is wrong or has expired (`40001`, `40014`, `42001`).
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
