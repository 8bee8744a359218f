use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The result of a login (`sns/jscode2session`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The user's openid for this mini program.
    pub openid: String,
    /// The key that signs and encrypts this user's data. It must stay on the server.
    pub session_key: SessionKey,
    /// WeChat's id of the user for all accounts of one open platform account. `None` if the mini program is not bound
    /// to one.
    pub unionid: Option<String>,
}

impl Session {
    /// A session for tests of your own code, without a `unionid`.
    ///
    /// ```
    /// use wechat::miniprogram::{Session, SessionKey};
    ///
    /// let session = Session::new("oUser", SessionKey::parse("HyVFkGl5F5OQWJZZaNzBBg==")?);
    /// assert_eq!(session.unionid, None);
    /// # Ok::<(), wechat::miniprogram::InvalidSessionKey>(())
    /// ```
    #[must_use]
    pub fn new(openid: impl Into<String>, session_key: SessionKey) -> Self {
        Self { openid: openid.into(), session_key, unionid: None }
    }
}

/// A `session_key`. `Debug` does not show it, and its memory is wiped on drop. The next `wx.login` may invalidate it.
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

/// The text is not base64 of 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session_key is base64 of 16 bytes")]
pub struct InvalidSessionKey;

impl SessionKey {
    /// Reads the key as WeChat sends it.
    ///
    /// # Errors
    /// [`InvalidSessionKey`] if it is not base64 of 16 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidSessionKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| InvalidSessionKey)?);
        let key = <[u8; 16]>::try_from(&**bytes).map_err(|_| InvalidSessionKey)?;
        Ok(Self { text: Zeroizing::new(text.to_owned()), key: Zeroizing::new(key) })
    }

    /// The key as WeChat sent it, in base64. Only the code that stores the key should call this.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.key
    }

    /// Whether `signature` is the signature of `rawData`: lower-case hexadecimal SHA-1. Compares in constant time.
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
