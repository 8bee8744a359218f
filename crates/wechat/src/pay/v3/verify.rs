use super::{KeyRing, key_ring::Lookup};
use crate::{
    pay::shortened_for_log,
    wire::v3::{PROBE, SCHEMA, is_fresh, response_message},
};

/// The signature headers of a response or a notification, as they arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Wechatpay-Timestamp`, seconds since 1970.
    pub timestamp: String,
    /// `Wechatpay-Nonce`.
    pub nonce: String,
    /// `Wechatpay-Serial`: the serial number of a certificate or `PUB_KEY_ID_…`.
    pub serial: String,
    /// `Wechatpay-Signature`, base64.
    pub signature: String,
    /// `Wechatpay-Signature-Type`, if present.
    pub signature_type: Option<String>,
}

/// The longest header, in bytes. A signature with a key of 8,192 bits has 1,368 bytes.
const MAX_HEADER_BYTES: usize = 2048;

/// Why a response or a notification cannot be verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerificationError {
    /// A header is missing, empty, too long or not text.
    #[error("the header {0} is missing, empty, too long or not text")]
    Header(&'static str),
    /// `Wechatpay-Signature-Type` is a type that this crate does not know.
    #[error("the signature type is not WECHATPAY2-SHA256-RSA2048")]
    SignatureType,
    /// `Wechatpay-Timestamp` is not a number.
    #[error("the time of the signature is not a number")]
    Timestamp,
    /// The time of the signature differs from now by more than [`crate::wire::v3::FRESHNESS`].
    #[error("the signature is too old, or from the future")]
    Stale,
    /// The ring has no key with this serial. The error has the first 64 characters of the serial.
    #[error("there is no key with the serial {0}")]
    UnknownSerial(String),
    /// The certificate with this serial has expired or is not valid yet.
    #[error("the certificate {0} is not valid at this time")]
    Expired(String),
    /// The signature does not match the message.
    #[error("the signature does not verify")]
    Signature,
    /// WeChat made a wrong signature on purpose (探测签名), to check that the merchant verifies. Refuse the message, but
    /// raise no alarm.
    #[error("the signature is one of WeChat's probes and does not verify")]
    Probe,
}

impl VerificationError {
    /// Whether WeChat made a wrong signature on purpose: see [`Self::Probe`].
    #[must_use]
    pub const fn is_probe(&self) -> bool {
        matches!(self, Self::Probe)
    }
}

impl SignatureHeaders {
    /// Reads the headers. `get` returns the value of a header; it must ignore the case of the name.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use wechat::pay::v3::{SignatureHeaders, VerificationError};
    ///
    /// let came: HashMap<&str, &str> = [("Wechatpay-Timestamp", "1554208460")].into();
    /// let error = SignatureHeaders::read(|name| came.get(name).copied()).unwrap_err();
    /// assert_eq!(error, VerificationError::Header("Wechatpay-Nonce"));
    /// ```
    ///
    /// # Errors
    /// [`VerificationError::Header`] if one of the four required headers is missing, empty or too long.
    pub fn read<'a>(get: impl Fn(&'static str) -> Option<&'a str>) -> Result<Self, VerificationError> {
        let text = |name| match get(name) {
            Some(value) if !value.is_empty() && value.len() <= MAX_HEADER_BYTES => Ok(value.to_owned()),
            _ => Err(VerificationError::Header(name)),
        };
        Ok(Self {
            timestamp: text("Wechatpay-Timestamp")?,
            nonce: text("Wechatpay-Nonce")?,
            serial: text("Wechatpay-Serial")?,
            signature: text("Wechatpay-Signature")?,
            signature_type: get("Wechatpay-Signature-Type").map(str::to_owned),
        })
    }
}

impl KeyRing {
    /// Verifies that WeChat Pay signed these bytes, with a known key and not more than five minutes ago. `body` is the
    /// body as it arrived, byte for byte; `now` is in seconds since 1970.
    ///
    /// ```
    /// use wechat::pay::v3::{KeyRing, VerificationError, notification::generate_test_signature};
    /// use wechat::wire::rsa::{PrivateKey, PublicKey};
    ///
    /// let keys = KeyRing::new();
    /// keys.add_public_key("PUB_KEY_ID_01", PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
    /// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
    /// let headers = generate_test_signature(b"{}", "PUB_KEY_ID_01", &wechat, 1_767_240_000, "n");
    /// assert_eq!(keys.verify(&headers, b"{}", 1_767_240_300), Ok(()));
    /// assert_eq!(keys.verify(&headers, b"{}", 1_767_240_301), Err(VerificationError::Stale));
    /// assert_eq!(keys.verify(&headers, b"{ }", 1_767_240_000), Err(VerificationError::Signature));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first [`VerificationError`] that is found.
    pub fn verify(&self, headers: &SignatureHeaders, body: &[u8], now: i64) -> Result<(), VerificationError> {
        if headers.signature_type.as_deref().is_some_and(|kind| kind != SCHEMA) {
            return Err(VerificationError::SignatureType);
        }
        // with a line feed in the nonce, two different messages would have the same signature
        if headers.nonce.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(VerificationError::Header("Wechatpay-Nonce"));
        }
        let timestamp = &headers.timestamp;
        if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(VerificationError::Timestamp);
        }
        let seconds: i64 = timestamp.parse().map_err(|_| VerificationError::Timestamp)?;
        if !is_fresh(seconds, now) {
            return Err(VerificationError::Stale);
        }
        let serial = || shortened_for_log(&headers.serial);
        let key = match self.find(&headers.serial, now) {
            Lookup::Key(key) => key,
            Lookup::NotValidNow => return Err(VerificationError::Expired(serial())),
            Lookup::NotFound => return Err(VerificationError::UnknownSerial(serial())),
        };
        if key.verify(&response_message(timestamp, &headers.nonce, body), &headers.signature) {
            Ok(())
        } else if headers.signature.starts_with(PROBE) {
            Err(VerificationError::Probe)
        } else {
            Err(VerificationError::Signature)
        }
    }
}
