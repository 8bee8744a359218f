//! The refund notification (doc/v2/merchant/4011989265), which WeChat posts to the `notify_url` of a refund.
//!
//! The message has no signature, and its encryption proves little: in ECB mode an attacker can move and remove blocks.
//! Use the message only as a reason to query the refund.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::{InvalidField, RefundStatus, payment};
use crate::{
    Secret,
    wire::{
        Fields,
        aes::{self, DecryptionError},
        xml::{self, XmlError},
    },
};

/// The content of a refund notification. Do not trust it: query the refund and use the response.
///
/// ```
/// use wechat::{Secret, pay::v2::refund_notification::{UntrustedRefund, generate_test_notification}, wire::Fields};
///
/// let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
/// let body = generate_test_notification(
///     [("out_refund_no", "R1"), ("out_trade_no", "20260101000001"), ("refund_id", "50000"),
///       ("transaction_id", "42"), ("refund_fee", "990"), ("total_fee", "1990"), ("refund_status", "SUCCESS")]
///         .into_iter().collect::<Fields>(),
///     "wxd930ea5d5a258f4f", "10000100", &key,
/// );
/// let untrusted = UntrustedRefund::parse(body.as_bytes(), &key)?;
/// assert_eq!(untrusted.out_refund_no, "R1"); // the one to query
/// # Ok::<(), wechat::pay::v2::refund_notification::RefundNotificationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntrustedRefund {
    /// The account to which the payer's openid belongs: `appid`, or `sub_appid`.
    pub appid: String,
    /// The merchant; in partner mode the provider.
    pub mch_id: String,
    /// The merchant for whom the provider placed the order.
    pub sub_mch_id: Option<String>,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// The order's amount, in fen.
    pub total_fee: i64,
    /// The refunded amount, in fen.
    pub refund_fee: i64,
    /// The state in the message, not verified.
    pub refund_status: RefundStatus,
    /// When the money arrived: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai; see [`crate::time::parse_v2_date_time`].
    pub success_time: Option<String>,
    fields: Fields,
}

/// Why a refund notification cannot be read.
///
/// ```
/// use wechat::{Secret, pay::v2::refund_notification::{RefundNotificationError, UntrustedRefund}};
///
/// let message = b"<xml><return_code>SUCCESS</return_code><req_info>AAAA</req_info></xml>";
/// let error = UntrustedRefund::parse(message, &Secret::new("a key")).unwrap_err();
/// assert_eq!(error, RefundNotificationError::Decryption);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefundNotificationError {
    /// The message or its encrypted part is not the documented XML.
    #[error("cannot read the refund notification: {0}")]
    Xml(#[from] XmlError),
    /// `return_code` is not `SUCCESS`.
    #[error("the refund notification's return_code is not SUCCESS")]
    ReturnCode,
    /// `req_info` cannot be decrypted with this key.
    #[error("cannot decrypt the refund notification with this key")]
    Decryption,
    /// A required field is missing or has a wrong form.
    #[error("cannot use the refund notification: {0}")]
    Field(#[from] InvalidField),
}

impl From<DecryptionError> for RefundNotificationError {
    fn from(_: DecryptionError) -> Self {
        Self::Decryption
    }
}

impl UntrustedRefund {
    /// Reads and decrypts a refund notification. `key` is the APIv2 key.
    ///
    /// # Errors
    /// [`RefundNotificationError`] names the mistake.
    pub fn parse(message: &[u8], key: &Secret) -> Result<Self, RefundNotificationError> {
        let outer = xml::parse(message)?;
        if payment::required(&outer, "return_code")? != "SUCCESS" {
            return Err(RefundNotificationError::ReturnCode);
        }
        let encrypted = payment::required(&outer, "req_info")?;
        let encrypted = STANDARD.decode(encrypted).map_err(|_| RefundNotificationError::Decryption)?;
        let plain = aes::decrypt_ecb(&cipher_key(key), &encrypted)?;
        let fields = xml::parse_rooted(&plain, "root")?;
        Ok(Self {
            appid: payment::payers_appid(&outer)?,
            mch_id: payment::text(&outer, "mch_id")?,
            sub_mch_id: payment::optional(&outer, "sub_mch_id"),
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            transaction_id: payment::text(&fields, "transaction_id")?,
            out_refund_no: payment::text(&fields, "out_refund_no")?,
            refund_id: payment::text(&fields, "refund_id")?,
            total_fee: payment::fen(&fields, "total_fee")?,
            refund_fee: payment::fen(&fields, "refund_fee")?,
            refund_status: RefundStatus::from(payment::required(&fields, "refund_status")?),
            success_time: payment::optional(&fields, "success_time"),
            fields,
        })
    }

    /// All fields of the encrypted part, including unknown fields.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// The lower-case hexadecimal MD5 of the API key: 32 characters, including leading zeros.
fn cipher_key(key: &Secret) -> Zeroizing<[u8; 32]> {
    let mut text = Zeroizing::new([0; 32]);
    hex::encode_to_slice(Md5::digest(key.expose().as_bytes()), &mut *text)
        .expect("16 bytes have 32 hexadecimal digits");
    text
}

/// Creates a refund notification like WeChat's, for tests of a notify route. `fields` is the encrypted part.
#[must_use]
pub fn generate_test_notification(fields: Fields, appid: &str, mch_id: &str, key: &Secret) -> String {
    let plain = xml::write_rooted(&fields, "root");
    let encrypted = STANDARD.encode(aes::encrypt_ecb(&cipher_key(key), plain.as_bytes()));
    xml::write(
        &Fields::new()
            .with("return_code", "SUCCESS")
            .with("appid", appid)
            .with("mch_id", mch_id)
            .with("nonce_str", "TeqClE3i0mvn3DrK")
            .with("req_info", encrypted),
    )
}
