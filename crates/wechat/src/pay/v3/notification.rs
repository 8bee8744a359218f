//! The notifications of Pay V3 (doc/v3/merchant/4012791861, 4012791865), which WeChat posts to `notify_url`.
//!
//! Store the content on disk and answer within five seconds. HTTP 200 or 204 ends WeChat's repetitions. After any other
//! answer WeChat repeats the notification, up to 15 times in a day.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    ApiV3Key, CombineTransaction, ComplaintAction, KeyRing, ReadError, Refund, Resource, SignatureHeaders,
    Transaction, VerificationError, refund,
};
use crate::{
    json::{self, JsonError},
    pay::v2::InvalidField,
    wire::{
        aead::{self, DecryptionError, NONCE_LENGTH},
        rsa::PrivateKey,
        v3::{SCHEMA, response_message},
    },
};

/// The largest notification, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;

/// The longest `id` of a notification, in bytes. WeChat's ids have 36 bytes.
const MAX_ID_BYTES: usize = 64;

/// A notification after its verification and decryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// WeChat's id of the notification. Repetitions have the same id.
    pub id: String,
    /// When WeChat created the notification, RFC 3339.
    pub create_time: String,
    /// `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`, `COMPLAINT.CREATE`,
    /// `COMPLAINT.STATE_CHANGE`.
    pub event_type: String,
    /// A description, for people.
    pub summary: String,
    /// The content.
    pub event: Event,
    plaintext: String,
}

/// The content of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A payment. Compare `appid`, `mchid`, amount and currency with the order.
    Transaction(Box<Transaction>),
    /// The payment of combined orders.
    CombineTransaction(Box<CombineTransaction>),
    /// A refund.
    Refund(Box<RefundNotification>),
    /// A complaint of a shopper, new or changed.
    Complaint(ComplaintNotification),
    /// An event that this crate does not read. [`Notification::plaintext`] contains it.
    Unknown,
}

/// A refund in a notification.
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
/// let refund = r#"{"mchid":"1900009191","refund_id":"50","out_refund_no":"R1","transaction_id":"42","out_trade_no":"S1",
///     "refund_status":"ABNORMAL","amount":{"total":1990,"refund":990,"payer_total":1990,"payer_refund":990}}"#;
/// let TestNotification { headers, body } =
///     generate_test_notification("REFUND.ABNORMAL", refund, &key, id, &wechat, now, "n");
/// let notification = Notification::parse(&headers, body.as_bytes(), &keys, &key, now)?;
/// assert_eq!(notification.plaintext(), refund);
/// let Event::Refund(refund) = notification.event else { panic!("a refund") };
/// assert_eq!((refund.refund.status, &*refund.mchid), (RefundStatus::Abnormal, "1900009191"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundNotification {
    /// The merchant; in partner mode the provider (`sp_mchid`).
    pub mchid: String,
    /// The merchant for whom the provider placed the order.
    pub sub_mchid: Option<String>,
    /// The refund.
    pub refund: Refund,
}

/// What a notification says about a complaint. It is only a reason to read the complaint: `Client::complaint`.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, ComplaintAction, KeyRing};
/// use wechat::pay::v3::notification::{Event, Notification, generate_test_notification};
/// # use wechat::wire::rsa::{PrivateKey, PublicKey};
///
/// # let (id, now, keys) = ("PUB_KEY_ID_01", 1_767_240_000, KeyRing::new());
/// # keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
/// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
/// # let key = ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
/// let plain = r#"{"complaint_id":"200201820200101080076610000","action_type":"CREATE_COMPLAINT"}"#;
/// let test = generate_test_notification("COMPLAINT.CREATE", plain, &key, id, &wechat, now, "n");
/// let notification = Notification::parse(&test.headers, test.body.as_bytes(), &keys, &key, now)?;
/// let Event::Complaint(complaint) = notification.event else { panic!("a complaint") };
/// assert_eq!(complaint.action, ComplaintAction::CreateComplaint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ComplaintNotification {
    /// WeChat's number of the complaint.
    pub complaint_id: String,
    /// What happened.
    #[serde(rename = "action_type")]
    pub action: ComplaintAction,
}

/// The longest number of a complaint, in bytes.
const MAX_COMPLAINT_ID: usize = 64;

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
    /// Verifies a notification, then decrypts and reads it. It verifies the time, the serial of the key, and the
    /// signature of the bytes as they arrived. `now` is in seconds since 1970.
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
    /// [`NotificationError`] says which step failed; see [`NotificationError::is_verified`].
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

    /// The decrypted JSON, for events that this crate does not read.
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
            let (mchid, sub_mchid) = match raw.sub_mchid.take() {
                None => (raw.mchid.take().ok_or(InvalidField("mchid"))?, None),
                sub => (raw.sp_mchid.take().ok_or(InvalidField("sp_mchid"))?, sub),
            };
            return Ok(Self::Refund(Box::new(RefundNotification { mchid, sub_mchid, refund: raw.read()? })));
        }
        if kind == "transaction" || (kind.is_empty() && event_type.starts_with("TRANSACTION.")) {
            let Combined { combine_out_trade_no } = json::read(plaintext.as_bytes())?;
            return Ok(if combine_out_trade_no.is_some() {
                Self::CombineTransaction(Box::new(CombineTransaction::from_json(plaintext)?))
            } else {
                Self::Transaction(Box::new(Transaction::from_json(plaintext)?))
            });
        }
        // the documents do not name the `original_type` of complaints
        if event_type.starts_with("COMPLAINT.") {
            let complaint: ComplaintNotification = json::read(plaintext.as_bytes())?;
            if complaint.complaint_id.is_empty() || complaint.complaint_id.len() > MAX_COMPLAINT_ID {
                return Err(InvalidField("complaint_id").into());
            }
            return Ok(Self::Complaint(complaint));
        }
        Ok(Self::Unknown)
    }
}

/// An idempotency key for a notification that cannot be read: its `id`, or else the SHA-256 of its bytes. A repetition
/// has the same key. This verifies nothing.
///
/// ```
/// use wechat::pay::v3::notification::id_or_hash;
///
/// assert_eq!(id_or_hash(br#"{"id":"EV-1","resource":7}"#), "EV-1");
/// assert_eq!(id_or_hash(b"{}").len(), 64);
/// ```
#[must_use]
pub fn id_or_hash(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    match json::read::<Named>(body) {
        Ok(Named { id }) if !id.is_empty() && id.len() <= MAX_ID_BYTES => id,
        _ => hex::encode(Sha256::digest(body)),
    }
}

/// Why a notification is refused.
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
    /// The notification is longer than [`MAX_LENGTH`].
    #[error("the notification is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The notification cannot be verified.
    #[error("cannot verify the notification: {0}")]
    Verification(#[from] VerificationError),
    /// The notification is verified, but not the documented JSON.
    #[error("cannot read the verified notification: {0}")]
    Json(#[from] JsonError),
    /// The notification is verified, but cannot be decrypted. Most likely the APIv3 key is not the current one.
    #[error("cannot decrypt the verified notification: {0}; is the APIv3 key the current one?")]
    Decryption(#[from] DecryptionError),
    /// The notification is verified and decrypted, but not UTF-8.
    #[error("the verified notification is not UTF-8")]
    NotUtf8,
    /// The notification is verified, but a required field is missing or has a wrong form.
    #[error("cannot use the verified notification: {0}")]
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
    /// Whether the notification has a right signature, but an unusable content. Then WeChat has sent it.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        !matches!(self, Self::TooLong | Self::Verification(_))
    }

    /// Whether WeChat made a wrong signature on purpose (探测签名). Refuse the notification as usual, but raise no alarm.
    #[must_use]
    pub const fn is_probe(&self) -> bool {
        matches!(self, Self::Verification(error) if error.is_probe())
    }
}

/// The body of the response with HTTP 200 that ends WeChat's repetitions.
///
/// ```
/// assert!(wechat::pay::v3::notification::acknowledge().contains("SUCCESS"));
/// ```
#[must_use]
pub const fn acknowledge() -> &'static str {
    r#"{"code":"SUCCESS","message":"成功"}"#
}

/// The body of the response with HTTP 4xx or 5xx that makes WeChat repeat the notification.
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

/// A notification for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestNotification {
    /// The headers with the signature.
    pub headers: SignatureHeaders,
    /// The body.
    pub body: String,
}

/// Creates an encrypted and signed notification like WeChat's, for tests of a notify route. `plaintext` is its content
/// in JSON. `wechat` is the private key that belongs to `serial`. `timestamp` is in seconds since 1970.
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
    // the content of a test is not secret, so a nonce may be used twice
    const NONCE: &str = "fdasflkja484";
    let original_type = match event_type.split_once('.') {
        Some(("REFUND", _)) => "refund",
        Some(("COMPLAINT", _)) => "complaint",
        _ => "transaction",
    };
    let nonce_bytes: [u8; NONCE_LENGTH] = NONCE.as_bytes().try_into().expect("the nonce has twelve bytes");
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

/// Creates the signature headers for the body of a response or a notification, for tests.
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
        signature: wechat.sign(&response_message(&timestamp, nonce, body)),
        timestamp,
        nonce: nonce.to_owned(),
        serial: serial.to_owned(),
        signature_type: Some(SCHEMA.to_owned()),
    }
}
