use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What a login's `code` was exchanged for (`sns/jscode2session`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who it is, in the name space of this mini program.
    pub openid: String,
    /// What this user's data is signed and encrypted with. It never leaves the server.
    pub session_key: SessionKey,
    /// Who it is across the accounts of one company, where they are bound to an open platform account.
    pub unionid: Option<String>,
}

/// A `session_key`: never printed, wiped when dropped. The next `wx.login` may end it.
///
/// ```
/// let key = wechat::miniprogram::SessionKey::parse("HyVFkGl5F5OQWJZZaNzBBg==")?;
/// assert_eq!(format!("{key:?}"), "SessionKey(…)");
/// assert!(wechat::miniprogram::SessionKey::parse("c2hvcnQ=").is_err());
/// # Ok::<(), wechat::miniprogram::InvalidSessionKey>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey {
    text: Zeroizing<String>,
    key: Zeroizing<[u8; 16]>,
}

/// A `session_key` that is not base64 of 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session_key is base64 of 16 bytes")]
pub struct InvalidSessionKey;

impl SessionKey {
    /// Takes the key as WeChat gives it.
    ///
    /// # Errors
    /// [`InvalidSessionKey`] where it is not base64 of 16 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidSessionKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| InvalidSessionKey)?);
        let key = <[u8; 16]>::try_from(&**bytes).map_err(|_| InvalidSessionKey)?;
        Ok(Self { text: Zeroizing::new(text.to_owned()), key: Zeroizing::new(key) })
    }

    /// The key as WeChat gave it, for the one place that keeps it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.key
    }

    /// Whether the mini program's `rawData` carries this user's `signature`: lower-case hexadecimal SHA-1. Compared
    /// in constant time.
    ///
    /// ```
    /// let key = wechat::miniprogram::SessionKey::parse("HyVFkGl5F5OQWJZZaNzBBg==")?;
    /// assert!(!key.verify("{}", "75e81ceda165f4ffa64f4068af58c64b8f54b88c"));
    /// # Ok::<(), wechat::miniprogram::InvalidSessionKey>(())
    /// ```
    #[must_use]
    pub fn verify(&self, raw_data: &str, signature: &str) -> bool {
        let mut sha = Sha1::new();
        sha.update(raw_data.as_bytes());
        sha.update(self.text.as_bytes());
        hex::encode(sha.finalize()).as_bytes().ct_eq(signature.as_bytes()).into()
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}
