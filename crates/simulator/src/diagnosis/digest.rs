//! Hashes and their spelling.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// The hash of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha256,
    HmacSha256,
}

impl Digest {
    /// Only the HMAC uses `key`.
    pub(super) fn of(self, text: &[u8], key: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(text).to_vec(),
            Self::Sha1 => Sha1::digest(text).to_vec(),
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::HmacSha256 => {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts a key of any length");
                mac.update(text);
                mac.finalize().into_bytes().to_vec()
            }
        }
    }
}

/// How the bytes of a hash are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    UpperHex,
    LowerHex,
    Base64,
}

impl Spelling {
    pub(super) fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::UpperHex => hex::encode_upper(bytes),
            Self::LowerHex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
        }
    }
}
