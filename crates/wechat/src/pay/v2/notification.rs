//! The payment notification (doc/v2/merchant/4011937248), which WeChat posts to `notify_url`.
//!
//! A V2 signature has no time, and WeChat repeats a notification for a day. So an old notification with a right
//! signature is as valid as a new one.

use super::{InvalidField, Payment, SignType, payment, signed_xml};
use crate::{
    Secret,
    pay::shortened_for_log,
    wire::{
        Fields, sign,
        xml::{self, XmlError},
    },
};

/// Reads a notification. The result is not verified yet: do not trust its content.
///
/// ```
/// use wechat::{Secret, pay::v2::{SignType, notification::{self, Notification}}, wire::Fields};
///
/// let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
/// let body = notification::generate_test_notification(
///     [("return_code", "SUCCESS"), ("result_code", "SUCCESS"), ("appid", "wxd930ea5d5a258f4f"),
///      ("mch_id", "10000100"), ("nonce_str", "5K8264ILTKCH16CQ"), ("out_trade_no", "20260101000001"),
///      ("transaction_id", "4200000000202601010000000001"), ("openid", "oUpF8uMuAJO"), ("trade_type", "JSAPI"),
///      ("bank_type", "OTHERS"), ("total_fee", "1990"), ("cash_fee", "1990"), ("time_end", "20260101120000")]
///         .into_iter().collect::<Fields>(),
///     &key, SignType::HmacSha256,
/// );
///
/// let unverified = Notification::parse(body.as_bytes())?;
/// // the sign type comes from the order with this number
/// assert_eq!(unverified.out_trade_no(), "20260101000001");
/// let notification = unverified.verify(&key, SignType::HmacSha256)?;
/// assert_eq!(notification.payment.total_fee, 1990);
/// # Ok::<(), notification::NotificationError>(())
/// ```
#[derive(Debug)]
pub struct Notification;

impl Notification {
    /// Reads the raw bytes of a notification.
    ///
    /// # Errors
    /// [`NotificationError`]: the message is too long or not well-formed; `return_code` is missing or not `SUCCESS`;
    /// there is no `sign` or no `out_trade_no`.
    pub fn parse(message: &[u8]) -> Result<Unverified, NotificationError> {
        let fields = xml::parse(message)?;
        match fields.get("return_code") {
            None | Some("") => return Err(NotificationError::Incomplete("return_code")),
            Some("SUCCESS") => {}
            Some(_) => return Err(NotificationError::ReturnCode),
        }
        for name in ["sign", "out_trade_no"] {
            if fields.get(name).is_none_or(str::is_empty) {
                return Err(NotificationError::Incomplete(name));
            }
        }
        Ok(Unverified(fields))
    }
}

/// A notification that is not verified. It only shows the values with which the caller finds the order.
///
/// ```
/// use wechat::pay::v2::notification::Notification;
///
/// let message = b"<xml><return_code>SUCCESS</return_code><appid>wx1</appid><mch_id>1</mch_id>\
///     <out_trade_no>S1</out_trade_no><sign>forged</sign></xml>";
/// let unverified = Notification::parse(message)?;
/// assert_eq!((unverified.out_trade_no(), unverified.claimed_sign_type()), ("S1", None));
/// assert_eq!((unverified.claimed_appid(), unverified.claimed_mch_id()), (Some("wx1"), Some("1")));
/// # Ok::<(), wechat::pay::v2::notification::NotificationError>(())
/// ```
#[derive(Debug)]
pub struct Unverified(Fields);

impl Unverified {
    /// The shop's order number in the message, not verified. Call [`Unverified::verify`] with the sign type of this
    /// order.
    #[must_use]
    pub fn out_trade_no(&self) -> &str {
        self.0.get("out_trade_no").unwrap_or_default()
    }

    /// The sign type in the message, not verified. It is often missing. Use it only for logs.
    #[must_use]
    pub fn claimed_sign_type(&self) -> Option<&str> {
        self.0.get("sign_type")
    }

    /// The `appid` in the message, or the `sub_appid`, not verified.
    #[must_use]
    pub fn claimed_appid(&self) -> Option<&str> {
        self.0.get("sub_appid").filter(|appid| !appid.is_empty()).or_else(|| self.0.get("appid"))
    }

    /// The merchant number in the message, not verified.
    #[must_use]
    pub fn claimed_mch_id(&self) -> Option<&str> {
        self.0.get("mch_id")
    }

    /// Verifies the signature with the sign type of the order, then reads the other fields.
    ///
    /// The caller must compare `appid`, `mch_id`, amount and currency with the order.
    ///
    /// # Errors
    /// [`NotificationError::Signature`] if the signature is wrong. [`NotificationError::ResultCode`] or
    /// [`NotificationError::Field`] if WeChat has signed the message, but it is not a payment; see
    /// [`NotificationError::is_verified`].
    pub fn verify(self, key: &Secret, sign_type: SignType) -> Result<PaymentNotification, NotificationError> {
        let fields = self.0;
        if !sign::verify(&fields, key.expose(), sign_type) {
            return Err(NotificationError::Signature);
        }
        PaymentNotification::read(fields)
    }

    /// Verifies the signature with both sign types and returns the right one, so that the caller need not find the
    /// order first.
    ///
    /// Trust the result only if the order has this sign type.
    ///
    /// ```
    /// use wechat::{Secret, pay::v2::{SignType, notification::{self, Notification}}, wire::Fields};
    ///
    /// # let fields: Fields = [("return_code", "SUCCESS"), ("result_code", "SUCCESS"), ("appid", "wx1"), ("mch_id", "1"),
    /// #     ("out_trade_no", "S1"), ("transaction_id", "42"), ("openid", "o1"), ("trade_type", "JSAPI"),
    /// #     ("bank_type", "OTHERS"), ("total_fee", "1990"), ("cash_fee", "1990"), ("time_end", "20260101120000")]
    /// #     .into_iter().collect();
    /// let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
    /// let body = notification::generate_test_notification(fields, &key, SignType::Md5);
    /// let (notification, sign_type) = Notification::parse(body.as_bytes())?.verify_either(&key)?;
    /// assert_eq!((notification.payment.total_fee, sign_type), (1990, SignType::Md5));
    /// # Ok::<(), notification::NotificationError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Unverified::verify`].
    pub fn verify_either(self, key: &Secret) -> Result<(PaymentNotification, SignType), NotificationError> {
        let types = [SignType::Md5, SignType::HmacSha256];
        let sign_type = types
            .into_iter()
            .find(|sign_type| sign::verify(&self.0, key.expose(), *sign_type))
            .ok_or(NotificationError::Signature)?;
        Ok((PaymentNotification::read(self.0)?, sign_type))
    }
}

/// A payment notification with a verified signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentNotification {
    /// The account to which the payer's openid belongs: `appid`, or `sub_appid`.
    pub appid: String,
    /// The merchant; in partner mode the provider.
    pub mch_id: String,
    /// The merchant for whom the provider placed the order.
    pub sub_mch_id: Option<String>,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The payment.
    pub payment: Payment,
    fields: Fields,
}

impl PaymentNotification {
    fn read(fields: Fields) -> Result<Self, NotificationError> {
        let result_code = payment::required(&fields, "result_code")?;
        if result_code != "SUCCESS" {
            let code = fields.get("err_code").unwrap_or(result_code);
            return Err(NotificationError::ResultCode(shortened_for_log(code)));
        }
        Ok(Self {
            appid: payment::payers_appid(&fields)?,
            mch_id: payment::text(&fields, "mch_id")?,
            sub_mch_id: payment::optional(&fields, "sub_mch_id"),
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            payment: Payment::from_fields(&fields)?,
            fields,
        })
    }

    /// All fields, including coupons and unknown fields.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// Why a notification is refused.
///
/// ```
/// use wechat::pay::v2::notification::{Notification, NotificationError};
///
/// let error = Notification::parse(b"<xml><out_trade_no>1</out_trade_no></xml>").unwrap_err();
/// assert_eq!(error, NotificationError::Incomplete("return_code"));
/// assert!(!error.is_verified(), "it proves nothing");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// The message cannot be read.
    #[error("cannot read the notification: {0}")]
    Xml(#[from] XmlError),
    /// A field is missing that each signed message has: the message is forged.
    #[error("the notification has no {0}")]
    Incomplete(&'static str),
    /// `return_code` is not `SUCCESS`. Such a message is not signed, so it proves nothing about an order.
    #[error("the notification's return_code is not SUCCESS")]
    ReturnCode,
    /// The signature does not match the key and the sign type of the order.
    #[error("the notification's signature does not verify")]
    Signature,
    /// The message is verified and reports a failed payment with this `err_code`: its first 64 characters.
    #[error("the notification reports a failed payment: {0}")]
    ResultCode(String),
    /// The message is verified, but a required field is missing or has a wrong form.
    #[error("cannot use the verified notification: {0}")]
    Field(#[from] InvalidField),
}

impl NotificationError {
    /// Whether the message has a right signature, but an unusable content. Then WeChat has sent it.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        matches!(self, Self::ResultCode(_) | Self::Field(_))
    }
}

/// The response that ends WeChat's repetitions. Send it after the payment is stored on disk.
///
/// ```
/// assert_eq!(wechat::pay::v2::notification::acknowledge(), "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
///     <return_msg><![CDATA[OK]]></return_msg></xml>");
/// ```
#[must_use]
pub fn acknowledge() -> String {
    answer("SUCCESS", "OK")
}

/// The response that makes WeChat repeat the notification.
///
/// ```
/// assert_eq!(wechat::pay::v2::notification::refuse("later"), "<xml><return_code><![CDATA[FAIL]]></return_code>\
///     <return_msg><![CDATA[later]]></return_msg></xml>");
/// ```
#[must_use]
pub fn refuse(return_msg: &str) -> String {
    answer("FAIL", return_msg)
}

fn answer(return_code: &str, return_msg: &str) -> String {
    xml::write(&Fields::new().with("return_code", return_code).with("return_msg", return_msg))
}

/// Creates a signed notification like WeChat's, for tests of a notify route.
#[must_use]
pub fn generate_test_notification(fields: Fields, key: &Secret, sign_type: SignType) -> String {
    signed_xml(fields, key, sign_type)
}
