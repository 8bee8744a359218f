use zeroize::Zeroizing;

use super::{Credential, KeyRing};
use crate::wire::rsa::{DecryptionError, PublicKey, TooLong};

/// Encrypts the sensitive fields of one request (names, bank accounts) with RSAES-OAEP and SHA-1
/// (doc/v3/merchant/4013053264). All fields of a request use the same key, and the header `Wechatpay-Serial` names this
/// key.
///
/// ```
/// use wechat::{pay::v3::{ApiV3Key, Credential, KeyRing}, wire::rsa::{PrivateKey, PublicKey}};
///
/// let keys = KeyRing::new();
/// assert!(keys.field_encryptor(1_767_240_000).is_none());
/// let id = "PUB_KEY_ID_0114232134912410000000000000";
/// keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
///
/// let sensitive = keys.field_encryptor(1_767_240_000).expect("a key");
/// assert_eq!(sensitive.serial(), id); // the header Wechatpay-Serial
/// let encrypted = sensitive.encrypt("张三")?;
/// # let wechat = PrivateKey::from_pem(include_str!("../../../tests/keys/wechatpay_key.pem"))?;
/// assert_eq!(&**wechat.decrypt(&encrypted)?, "张三".as_bytes()); // as WeChat does
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FieldEncryptor {
    serial: String,
    key: PublicKey,
}

impl FieldEncryptor {
    /// The value for the header `Wechatpay-Serial`: `PUB_KEY_ID_…` or the serial of a certificate.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Encrypts the text of a field. Returns base64. The encryption is random, so each call returns another text.
    ///
    /// # Errors
    /// [`TooLong`] for more than 214 bytes under a key of 2,048 bits.
    pub fn encrypt(&self, text: &str) -> Result<String, TooLong> {
        self.key.encrypt(text.as_bytes())
    }
}

impl KeyRing {
    /// The encryptor for a new request: see [`KeyRing::encrypting_key`]. `None` if the ring has no valid key. `now` is
    /// in seconds since 1970.
    #[must_use]
    pub fn field_encryptor(&self, now: i64) -> Option<FieldEncryptor> {
        self.encrypting_key(now).map(|(serial, key)| FieldEncryptor { serial, key })
    }
}

impl Credential {
    /// Decrypts a sensitive field that WeChat encrypted for this merchant. The memory of the text is wiped on drop.
    ///
    /// ```
    /// use wechat::{pay::v3::Credential, wire::rsa::PublicKey};
    ///
    /// let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// let merchant = PublicKey::from_pem(include_str!("../../../tests/keys/merchant_public.pem"))?;
    /// let encrypted = merchant.encrypt("张三".as_bytes())?; // as WeChat does
    /// assert_eq!(&**credential.decrypt(&encrypted)?, "张三");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DecryptionError`] if the text is not base64, was encrypted for another certificate, or is not UTF-8.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Zeroizing<String>, DecryptionError> {
        let plain = self.private_key().decrypt(ciphertext)?;
        let text = std::str::from_utf8(&plain).map_err(|_| DecryptionError)?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}
