use zeroize::Zeroizing;

use super::{Credential, KeyRing};
use crate::wire::rsa::{DecryptionError, PublicKey, TooLong};

/// The key for the sensitive fields of one request (names, bank accounts): RSAES-OAEP with SHA-1
/// (doc/v3/merchant/4013053264). All fields of a request are encrypted with the same one, and the request
/// names it.
///
/// ```
/// use wechat::{pay::v3::{ApiV3Key, Credential, KeyRing}, wire::rsa::{PrivateKey, PublicKey}};
///
/// let keys = KeyRing::new();
/// assert!(keys.sensitive(1_767_240_000).is_none());
/// let id = "PUB_KEY_ID_0114232134912410000000000000";
/// keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
///
/// let sensitive = keys.sensitive(1_767_240_000).expect("a key");
/// assert_eq!(sensitive.serial(), id); // the header Wechatpay-Serial
/// let hidden = sensitive.encrypt("张三")?;
/// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
/// assert_eq!(&**wechat.decrypt(&hidden)?, "张三".as_bytes()); // as WeChat does
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sensitive {
    serial: String,
    key: PublicKey,
}

impl Sensitive {
    /// What the request says in `Wechatpay-Serial`: `PUB_KEY_ID_…` or a certificate's serial number.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// A field's text, encrypted, in base64; another one each time.
    ///
    /// # Errors
    /// [`TooLong`] for more than 214 bytes under a key of 2,048 bits.
    pub fn encrypt(&self, text: &str) -> Result<String, TooLong> {
        self.key.encrypt(text.as_bytes())
    }
}

impl KeyRing {
    /// The key for the sensitive fields of a request that is made now: see [`KeyRing::encrypting_key`]. Nothing where
    /// the ring has none that is good. `now` is in seconds since 1970.
    #[must_use]
    pub fn sensitive(&self, now: i64) -> Option<Sensitive> {
        self.encrypting_key(now).map(|(serial, key)| Sensitive { serial, key })
    }
}

impl Credential {
    /// Reads a sensitive field that WeChat encrypted for this merchant; wiped when dropped.
    ///
    /// ```
    /// use wechat::{pay::v3::Credential, wire::rsa::PublicKey};
    ///
    /// let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// let merchant = PublicKey::from_pem(include_str!("../../../tests/keys/merchant_public.pem"))?;
    /// let hidden = merchant.encrypt("张三".as_bytes())?; // as WeChat does
    /// assert_eq!(&**credential.decrypt(&hidden)?, "张三");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DecryptionError`]: not base64, not under the key of the merchant's certificate, or not a text.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Zeroizing<String>, DecryptionError> {
        let plain = self.private_key().decrypt(ciphertext)?;
        let text = std::str::from_utf8(&plain).map_err(|_| DecryptionError)?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}
