//! The signature of WeChat Pay V2 (pay.weixin.qq.com, doc/v2/merchant/4011985891).

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::Fields;

/// The signature algorithm of a V2 message: `sign_type`.
///
/// ```
/// use wechat::wire::sign::SignType;
///
/// assert_eq!("HMAC-SHA256".parse(), Ok(SignType::HmacSha256));
/// assert!("SHA1".parse::<SignType>().is_err());
/// assert_eq!(SignType::default().as_str(), "MD5");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignType {
    /// MD5, WeChat's default.
    #[default]
    Md5,
    /// HMAC-SHA256 with the APIv2 key.
    HmacSha256,
}

impl SignType {
    /// The word in WeChat's messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

impl fmt::Display for SignType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A `sign_type` that is neither `MD5` nor `HMAC-SHA256`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown sign_type: use MD5 or HMAC-SHA256")]
pub struct UnknownSignType;

impl FromStr for SignType {
    type Err = UnknownSignType;

    fn from_str(word: &str) -> Result<Self, UnknownSignType> {
        match word {
            "MD5" => Ok(Self::Md5),
            "HMAC-SHA256" => Ok(Self::HmacSha256),
            _ => Err(UnknownSignType),
        }
    }
}

/// Passes the text to sign to `update`: the fields sorted by name, without `sign` and without empty values, then the
/// key. It passes pieces, so that no copy of the key remains in memory.
fn string_to_sign(fields: &Fields, key: &str, mut update: impl FnMut(&[u8])) {
    let mut sorted: Vec<(&str, &str)> =
        fields.iter().filter(|(name, value)| *name != "sign" && !value.is_empty()).collect();
    sorted.sort_unstable();
    for (name, value) in sorted {
        for piece in [name, "=", value, "&"] {
            update(piece.as_bytes());
        }
    }
    update(b"key=");
    update(key.as_bytes());
}

/// Computes the `sign` of these fields: upper-case hexadecimal.
///
/// ```
/// use wechat::wire::{Fields, sign::{sign, SignType}};
///
/// let fields: Fields = [
///     ("appid", "wxd930ea5d5a258f4f"), ("body", "test"), ("device_info", "1000"),
///     ("mch_id", "10000100"), ("nonce_str", "ibuaiVcKdpRxkhJA"),
/// ].into_iter().collect();
/// let key = "192006250b4c09247ec02edce69f6a2d";
/// assert_eq!(sign(&fields, key, SignType::Md5), "9A0A8659F005D6984697E2CA0A9CF3B7");
/// ```
#[must_use]
pub fn sign(fields: &Fields, key: &str, sign_type: SignType) -> String {
    match sign_type {
        SignType::Md5 => {
            let mut md5 = Md5::new();
            string_to_sign(fields, key, |piece| md5.update(piece));
            hex::encode_upper(md5.finalize())
        }
        SignType::HmacSha256 => {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC accepts a key of any length");
            string_to_sign(fields, key, |piece| mac.update(piece));
            hex::encode_upper(mac.finalize().into_bytes())
        }
    }
}

/// Whether the field `sign` is the signature of the other fields. Compares in constant time.
///
/// ```
/// use wechat::wire::{Fields, sign::{SignType, sign, verify}};
///
/// let mut fields = Fields::new().with("total_fee", "1990");
/// assert!(!verify(&fields, "key", SignType::Md5), "a message without sign does not verify");
/// fields.set("sign", sign(&fields, "key", SignType::Md5));
/// assert!(verify(&fields, "key", SignType::Md5) && !verify(&fields, "key", SignType::HmacSha256));
/// ```
#[must_use]
pub fn verify(fields: &Fields, key: &str, sign_type: SignType) -> bool {
    fields
        .get("sign")
        .is_some_and(|given| sign(fields, key, sign_type).as_bytes().ct_eq(given.as_bytes()).into())
}
