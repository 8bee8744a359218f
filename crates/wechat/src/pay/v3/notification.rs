//! The notifications of Pay V3 (doc/v3/merchant/4012791861, 4012791865): what WeChat posts to `notify_url`.
//!
//! Answer within five seconds, after what it says is on disk: HTTP 200 or 204 ends WeChat's repetitions, anything
//! else asks for more (up to 15 in a day).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    ApiV3Key, CombineTransaction, KeyRing, ReadError, Refund, Resource, SignatureHeaders, Transaction,
    VerificationError, refund,
};
use crate::{
    json::{self, JsonError},
    pay::v2::InvalidField,
    wire::{
        aead::{self, DecryptionError, NONCE_LENGTH},
        rsa::PrivateKey,
        v3::{SCHEMA, reply_message},
    },
};

/// Bytes of the largest notification that is read.
pub const MAX_LENGTH: usize = 64 * 1024;

/// Bytes of a notification's `id` at most: it has 36.
const LONGEST_ID: usize = 64;

/// A notification that is WeChat's: verified, then decrypted, then read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The notification's own number; the same in each repetition.
    pub id: String,
    /// When it was made, RFC 3339.
    pub create_time: String,
    /// `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`.
    pub event_type: String,
    /// In words, for people.
    pub summary: String,
    /// What it tells.
    pub event: Event,
    plaintext: String,
}

/// What a notification tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A payment. Compare `appid`, `mchid`, amount and currency with the order.
    Transaction(Box<Transaction>),
    /// Several payments made at once.
    CombineTransaction(Box<CombineTransaction>),
    /// A refund.
    Refund(Box<RefundNotification>),
    /// Something that this crate does not know; [`Notification::plaintext`] has it.
    Unknown,
}

/// A refund as a notification tells it.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, KeyRing, RefundStatus};
/// use wechat::pay::v3::notification::{Event, Notification, TestNotification, generate_test_notification};
/// # use wechat::wire::rsa::{PrivateKey, PublicKey};
///
/// # let (id, now, keys) = ("PUB_KEY_ID_01", 1_767_240_000, KeyRing::new());
/// # keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
/// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
/// # let key = ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
/// let told = r#"{"mchid":"1900009191","refund_id":"50","out_refund_no":"R1","transaction_id":"42","out_trade_no":"S1",
///     "refund_status":"ABNORMAL","amount":{"total":1990,"refund":990,"payer_total":1990,"payer_refund":990}}"#;
/// let TestNotification { headers, body } =
///     generate_test_notification("REFUND.ABNORMAL", told, &key, id, &wechat, now, "n");
/// let notification = Notification::parse(&headers, body.as_bytes(), &keys, &key, now)?;
/// assert_eq!(notification.plaintext(), told);
/// let Event::Refund(refund) = notification.event else { panic!("a refund") };
/// assert_eq!((refund.refund.status, &*refund.mchid), (RefundStatus::Abnormal, "1900009191"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundNotification {
    /// The merchant.
    pub mchid: String,
    /// The refund.
    pub refund: Refund,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    create_time: String,
    event_type: String,
    #[serde(default)]
    summary: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Combined {
    combine_out_trade_no: Option<serde::de::IgnoredAny>,
}

impl Notification {
    /// Checks and reads a notification: the time, the key by its serial, the signature over the bytes as they came,
    /// and only then decrypts and parses. `now` is in seconds since 1970.
    ///
    /// ```
    /// use wechat::{
    ///     pay::v3::{ApiV3Key, KeyRing, notification::{Event, Notification, generate_test_notification}},
    ///     wire::rsa::{PrivateKey, PublicKey},
    /// };
    ///
    /// let (id, key) = ("PUB_KEY_ID_01", ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
    /// let keys = KeyRing::new();
    /// keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
    ///
    /// let paid = r#"{"appid":"wxd678efh567hg6787","mchid":"1900009191","out_trade_no":"20260101000001",
    ///     "transaction_id":"4200000000202601010000000001","trade_state":"SUCCESS","trade_type":"JSAPI",
    ///     "bank_type":"OTHERS","success_time":"2026-01-01T12:00:00+08:00","payer":{"openid":"oUpF8uMuAJO"},
    ///     "amount":{"total":1990,"payer_total":1990,"currency":"CNY","payer_currency":"CNY"}}"#;
    /// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
    /// let test = generate_test_notification("TRANSACTION.SUCCESS", paid, &key, id, &wechat, 1_767_240_000, "n1");
    ///
    /// let notification = Notification::parse(&test.headers, test.body.as_bytes(), &keys, &key, 1_767_240_001)?;
    /// let Event::Transaction(transaction) = notification.event else { panic!("a payment") };
    /// assert_eq!(transaction.payment.map(|payment| payment.total), Some(1990));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NotificationError`] says which step refused it; see [`NotificationError::is_verified`].
    pub fn parse(
        headers: &SignatureHeaders,
        body: &[u8],
        keys: &KeyRing,
        api_v3_key: &ApiV3Key,
        now: i64,
    ) -> Result<Self, NotificationError> {
        if body.len() > MAX_LENGTH {
            return Err(NotificationError::TooLong);
        }
        keys.verify(headers, body, now)?;
        let envelope: Envelope = json::read(body)?;
        let plaintext = api_v3_key.decrypt(&envelope.resource)?;
        let plaintext = String::from_utf8(plaintext).map_err(|_| NotificationError::NotUtf8)?;
        let event = Event::read(&envelope.event_type, &envelope.resource, &plaintext)?;
        let Envelope { id, create_time, event_type, summary, .. } = envelope;
        Ok(Self { id, create_time, event_type, summary, event, plaintext })
    }

    /// The decrypted JSON, for what this crate does not read.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.plaintext
    }
}

impl Event {
    fn read(event_type: &str, resource: &Resource, plaintext: &str) -> Result<Self, NotificationError> {
        let kind = resource.original_type.as_deref().unwrap_or_default();
        if kind == "refund" || (kind.is_empty() && event_type.starts_with("REFUND.")) {
            let mut raw: refund::Raw = json::read(plaintext.as_bytes())?;
            let mchid = raw.mchid.take().ok_or(InvalidField("mchid"))?;
            return Ok(Self::Refund(Box::new(RefundNotification { mchid, refund: raw.read()? })));
        }
        if kind == "transaction" || (kind.is_empty() && event_type.starts_with("TRANSACTION.")) {
            let Combined { combine_out_trade_no } = json::read(plaintext.as_bytes())?;
            return Ok(if combine_out_trade_no.is_some() {
                Self::CombineTransaction(Box::new(CombineTransaction::from_json(plaintext)?))
            } else {
                Self::Transaction(Box::new(Transaction::from_json(plaintext)?))
            });
        }
        Ok(Self::Unknown)
    }
}

/// What tells one notification that cannot be read from another: its `id`, the same in each repetition; where there is
/// none, its bytes' SHA-256. Nothing vouches for it here.
///
/// ```
/// use wechat::pay::v3::notification::name_of;
///
/// assert_eq!(name_of(br#"{"id":"EV-1","resource":7}"#), "EV-1");
/// assert_eq!(name_of(b"{}").len(), 64);
/// ```
#[must_use]
pub fn name_of(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    match json::read::<Named>(body) {
        Ok(Named { id }) if !id.is_empty() && id.len() <= LONGEST_ID => id,
        _ => hex::encode(Sha256::digest(body)),
    }
}

/// Why a notification is not believed, or not understood.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, KeyRing, notification::Notification, notification::generate_test_signature};
/// # use wechat::wire::rsa::PrivateKey;
///
/// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
/// let key = ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
/// let headers = generate_test_signature(b"{}", "PUB_KEY_ID_01", &wechat, 1_767_240_000, "n");
/// let error = Notification::parse(&headers, b"{}", &KeyRing::new(), &key, 1_767_240_000).unwrap_err();
/// assert!(!error.is_verified() && !error.is_probe());
/// assert!(error.to_string().contains("no key with the serial PUB_KEY_ID_01"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// Longer than [`MAX_LENGTH`].
    #[error("the notification is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not proved to be WeChat's.
    #[error("the notification is not WeChat's: {0}")]
    Verification(#[from] VerificationError),
    /// Verified, and not the documented JSON.
    #[error("the verified notification cannot be read: {0}")]
    Json(#[from] JsonError),
    /// Verified, and does not decrypt: most likely the APIv3 key is not the current one.
    #[error("the verified notification does not decrypt: {0}; is the APIv3 key the current one?")]
    Decryption(#[from] DecryptionError),
    /// Verified and decrypted, and not UTF-8.
    #[error("the verified notification is not UTF-8")]
    NotUtf8,
    /// Verified, and one of the fields that it must have is missing or has not its form.
    #[error("the verified notification cannot be used: {0}")]
    Field(#[from] InvalidField),
}

impl From<ReadError> for NotificationError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Json(error) => Self::Json(error),
            ReadError::Field(error) => Self::Field(error),
        }
    }
}

impl NotificationError {
    /// Whether WeChat itself has sent it: the signature was right, and what it says does not fit.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        !matches!(self, Self::TooLong | Self::Verification(_))
    }

    /// Whether it is one of WeChat's probes: answered like any other wrong signature, and no reason for an alarm.
    #[must_use]
    pub const fn is_probe(&self) -> bool {
        matches!(self, Self::Verification(error) if error.is_probe())
    }
}

/// The body that goes with HTTP 200 and ends WeChat's repetitions.
///
/// ```
/// assert!(wechat::pay::v3::notification::acknowledge().contains("SUCCESS"));
/// ```
#[must_use]
pub const fn acknowledge() -> &'static str {
    r#"{"code":"SUCCESS","message":"成功"}"#
}

/// The body that goes with HTTP 4xx or 5xx and asks WeChat to send it again.
///
/// ```
/// assert_eq!(wechat::pay::v3::notification::refuse("later"), r#"{"code":"FAIL","message":"later"}"#);
/// ```
#[must_use]
pub fn refuse(message: &str) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        code: &'static str,
        message: &'a str,
    }
    super::to_json(&Answer { code: "FAIL", message })
}

/// A notification as WeChat would send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestNotification {
    /// The headers that sign it.
    pub headers: SignatureHeaders,
    /// The body.
    pub body: String,
}

/// A notification as WeChat would send it, encrypted and signed: for tests of a notify route. `plaintext` is the
/// JSON that it tells, `wechat` the private key that goes with `serial`, `timestamp` in seconds since 1970.
#[must_use]
pub fn generate_test_notification(
    event_type: &str,
    plaintext: &str,
    api_v3_key: &ApiV3Key,
    serial: &str,
    wechat: &PrivateKey,
    timestamp: i64,
    nonce: &str,
) -> TestNotification {
    #[derive(Serialize)]
    struct TestEnvelope<'a> {
        id: String,
        create_time: String,
        resource_type: &'a str,
        event_type: &'a str,
        summary: &'a str,
        resource: TestResource<'a>,
    }
    #[derive(Serialize)]
    struct TestResource<'a> {
        original_type: &'a str,
        algorithm: &'a str,
        ciphertext: String,
        associated_data: &'a str,
        nonce: &'a str,
    }
    // tests may use a nonce twice: what they hide is no secret
    const NONCE: &str = "fdasflkja484";
    let original_type = if event_type.starts_with("REFUND.") { "refund" } else { "transaction" };
    let nonce_bytes: [u8; NONCE_LENGTH] = NONCE.as_bytes().try_into().expect("it has twelve bytes");
    let body = super::to_json(&TestEnvelope {
        id: format!("EV-{timestamp}-{nonce}"),
        create_time: crate::time::rfc3339(timestamp),
        resource_type: "encrypt-resource",
        event_type,
        summary: "test",
        resource: TestResource {
            original_type,
            algorithm: aead::ALGORITHM,
            ciphertext: aead::encrypt(api_v3_key.expose(), &nonce_bytes, original_type, plaintext.as_bytes()),
            associated_data: original_type,
            nonce: NONCE,
        },
    });
    let headers = generate_test_signature(body.as_bytes(), serial, wechat, timestamp, nonce);
    TestNotification { headers, body }
}

/// The headers with which WeChat would sign these bytes, a reply's or a notification's: for tests.
#[must_use]
pub fn generate_test_signature(
    body: &[u8],
    serial: &str,
    wechat: &PrivateKey,
    timestamp: i64,
    nonce: &str,
) -> SignatureHeaders {
    let timestamp = timestamp.to_string();
    SignatureHeaders {
        signature: wechat.sign(&reply_message(&timestamp, nonce, body)),
        timestamp,
        nonce: nonce.to_owned(),
        serial: serial.to_owned(),
        signature_type: Some(SCHEMA.to_owned()),
    }
}
