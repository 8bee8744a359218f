use std::{fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wechat::Secret;

/// `SHOP_SESSION_KEYS`. The first key signs, and all keys verify, so that the operator can replace a key without ending
/// sessions.
#[derive(Clone)]
pub(crate) struct Keys(Arc<[Secret]>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl Keys {
    /// Wraps these keys, the newest first.
    pub(crate) fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().map(Secret::new).collect())
    }

    /// Returns `text.signature`. The signature is only valid for this purpose (domain separation).
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> String {
        let signature = self.0.first().map(|key| mac(key, purpose, text).finalize().into_bytes());
        format!("{text}.{}", hex::encode(signature.unwrap_or_default()))
    }

    /// The text without its signature. `None` if the signature is wrong.
    pub(crate) fn verify<'a>(&self, purpose: &str, signed: &'a str) -> Option<&'a str> {
        let (text, signature) = signed.rsplit_once('.')?;
        // accept only lower case, so that each text has one signature
        if signature.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let signature = hex::decode(signature).ok()?;
        self.0.iter().any(|key| mac(key, purpose, text).verify_slice(&signature).is_ok()).then_some(text)
    }

    /// A short signature: the first ten bytes of the HMAC.
    pub(crate) fn tag(&self, purpose: &str, bytes: &[u8]) -> [u8; 10] {
        let mut tag = [0; 10];
        if let Some(key) = self.0.first() {
            tag.copy_from_slice(&mac_of(key, purpose, bytes).finalize().into_bytes()[..10]);
        }
        tag
    }

    /// Whether a short signature is right.
    pub(crate) fn has_tag(&self, purpose: &str, bytes: &[u8], tag: &[u8; 10]) -> bool {
        self.0.iter().any(|key| mac_of(key, purpose, bytes).verify_truncated_left(tag).is_ok())
    }
}

fn mac(key: &Secret, purpose: &str, text: &str) -> Hmac<Sha256> {
    mac_of(key, purpose, text.as_bytes())
}

fn mac_of(key: &Secret, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(purpose.as_bytes());
    // a purpose has no zero byte, so this separates it from the text
    mac.update(&[0]);
    mac.update(bytes);
    mac
}
