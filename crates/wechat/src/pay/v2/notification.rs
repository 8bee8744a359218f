//! The payment notification (doc/v2/merchant/4011937248): what WeChat posts to `notify_url`.
//!
//! V2 carries no time, and WeChat repeats for a day: an old notification that verifies is as good as a new one.

use super::{InvalidField, Payment, SignType, payment, signed_xml};
use crate::{
    Secret,
    pay::for_log,
    wire::{
        Fields, sign,
        xml::{self, XmlError},
    },
};

/// A notification that was read and not verified: nothing in it may be believed yet.
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
/// // the order that it claims to be for tells how it was signed
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
    /// [`NotificationError`]: not a bounded, well-formed message; `return_code` missing or not `SUCCESS`; no
    /// `sign`; no `out_trade_no`.
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

/// A notification before its signature was checked. It gives away what is needed to find the order, no more.
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
    /// The order that it claims to be for: the order's own sign type is the one to verify with.
    #[must_use]
    pub fn out_trade_no(&self) -> &str {
        self.0.get("out_trade_no").unwrap_or_default()
    }

    /// The sign type that it claims, for the log only. It is often missing.
    #[must_use]
    pub fn claimed_sign_type(&self) -> Option<&str> {
        self.0.get("sign_type")
    }

    /// The account that it claims to be for, not verified.
    #[must_use]
    pub fn claimed_appid(&self) -> Option<&str> {
        self.0.get("appid")
    }

    /// The merchant that it claims to be for, not verified.
    #[must_use]
    pub fn claimed_mch_id(&self) -> Option<&str> {
        self.0.get("mch_id")
    }

    /// Checks the signature with the sign type that the order was made with, then reads the rest.
    ///
    /// Compare `appid`, `mch_id`, amount and currency of what comes back with the order.
    ///
    /// # Errors
    /// [`NotificationError::Signature`] where it does not verify. What does verify and still is no payment gives
    /// [`NotificationError::ResultCode`] or [`NotificationError::Field`]: those are from WeChat, see
    /// [`NotificationError::is_verified`].
    pub fn verify(self, key: &Secret, sign_type: SignType) -> Result<PaymentNotification, NotificationError> {
        let fields = self.0;
        if !sign::verify(&fields, key.expose(), sign_type) {
            return Err(NotificationError::Signature);
        }
        PaymentNotification::read(fields)
    }

    /// Checks the signature with either sign type and says which it was, so that the order need not be looked up first.
    ///
    /// Believe it only if the order was made with the sign type that comes back.
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

/// A payment notification whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNotification {
    /// The account.
    pub appid: String,
    /// The merchant.
    pub mch_id: String,
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
            return Err(NotificationError::ResultCode(for_log(code)));
        }
        Ok(Self {
            appid: payment::text(&fields, "appid")?,
            mch_id: payment::text(&fields, "mch_id")?,
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            payment: Payment::read(&fields)?,
            fields,
        })
    }

    /// All fields, coupons and unknown ones included.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// Why a notification is not believed, or not understood.
///
/// ```
/// use wechat::pay::v2::notification::{Notification, NotificationError};
///
/// let error = Notification::parse(b"<xml><out_trade_no>1</out_trade_no></xml>").unwrap_err();
/// assert_eq!(error, NotificationError::Incomplete("return_code"));
/// assert!(!error.is_verified(), "anybody could have sent it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// The message could not be read.
    #[error("the notification was not read: {0}")]
    Xml(#[from] XmlError),
    /// A field without which a notification cannot be verified is missing: it is forged.
    #[error("the notification has no {0}")]
    Incomplete(&'static str),
    /// `return_code` is not `SUCCESS`. Such a message is not signed and says nothing about an order.
    #[error("the notification's return_code is not SUCCESS")]
    ReturnCode,
    /// The signature is not the one that the key and the order's sign type give.
    #[error("the notification's signature does not verify")]
    Signature,
    /// Verified, and tells of a payment that failed, with this `err_code`: its first 64 characters.
    #[error("the notification tells of a failed payment: {0}")]
    ResultCode(String),
    /// Verified, and one of the fields that a payment has is missing or has not its form.
    #[error("the verified notification cannot be used: {0}")]
    Field(#[from] InvalidField),
}

impl NotificationError {
    /// Whether WeChat itself has sent it: the signature was right, and what it says does not fit.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        matches!(self, Self::ResultCode(_) | Self::Field(_))
    }
}

/// The answer that ends WeChat's repetitions, to be sent after the payment is on disk.
///
/// ```
/// assert_eq!(wechat::pay::v2::notification::acknowledge(), "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
///     <return_msg><![CDATA[OK]]></return_msg></xml>");
/// ```
#[must_use]
pub fn acknowledge() -> String {
    answer("SUCCESS", "OK")
}

/// The answer that asks WeChat to send it again.
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

/// A notification as WeChat would send it, signed: for tests of a notify route.
#[must_use]
pub fn generate_test_notification(fields: Fields, key: &Secret, sign_type: SignType) -> String {
    signed_xml(fields, key, sign_type)
}
