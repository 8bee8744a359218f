use std::fmt;

use zeroize::Zeroizing;

use super::Resource;
use crate::{
    pay::SubMerchant,
    wire::{
        aead::{self, DecryptionError},
        rsa::{InvalidKey, PrivateKey},
        v3::{SCHEMA, request_message},
    },
};

/// What a merchant signs with: merchant number, serial of the certificate, private key.
#[derive(Clone, Debug)]
pub struct Credential {
    mchid: String,
    serial_no: String,
    private_key: PrivateKey,
}

impl Credential {
    /// `serial_no` is the serial of the merchant's own certificate (`apiclient_cert.pem`), in upper-case hexadecimal.
    #[must_use]
    pub fn new(mchid: impl Into<String>, serial_no: impl Into<String>, private_key: PrivateKey) -> Self {
        Self { mchid: mchid.into(), serial_no: serial_no.into(), private_key }
    }

    /// Reads the key from PEM (`apiclient_key.pem`).
    ///
    /// # Errors
    /// [`InvalidKey`] if it is not an RSA private key in PKCS#8 or PKCS#1.
    ///
    /// ```
    /// use wechat::pay::v3::Credential;
    ///
    /// let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// let header = credential.authorization("GET", "/v3/certificates", b"", 1554208460, "593BEC0C930BF1AF");
    /// assert!(header.starts_with(r#"WECHATPAY2-SHA256-RSA2048 mchid="1900009191",nonce_str="593BEC0C930BF1AF","#));
    /// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
    /// ```
    pub fn from_pem(
        mchid: impl Into<String>,
        serial_no: impl Into<String>,
        pem: &str,
    ) -> Result<Self, InvalidKey> {
        Ok(Self::new(mchid, serial_no, PrivateKey::from_pem(pem)?))
    }

    /// The merchant's number.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.mchid
    }

    /// The serial of the merchant's certificate.
    #[must_use]
    pub fn serial_no(&self) -> &str {
        &self.serial_no
    }

    /// The private key.
    #[must_use]
    pub const fn private_key(&self) -> &PrivateKey {
        &self.private_key
    }

    /// The header `Authorization` of one request (doc/v3/merchant/4012365342). `url` is the path and the query, and
    /// `body` the bytes, exactly as in the request. `timestamp` is in seconds since 1970; WeChat accepts it for five
    /// minutes. `nonce_str` is random, at most 32 letters and digits.
    #[must_use]
    pub fn authorization(
        &self,
        method: &str,
        url: &str,
        body: &[u8],
        timestamp: i64,
        nonce_str: &str,
    ) -> String {
        let message = request_message(method, url, timestamp, nonce_str, body);
        let signature = self.private_key.sign(&message);
        let Self { mchid, serial_no, .. } = self;
        format!(
            "{SCHEMA} mchid=\"{mchid}\",nonce_str=\"{nonce_str}\",signature=\"{signature}\",\
             timestamp=\"{timestamp}\",serial_no=\"{serial_no}\""
        )
    }
}

/// The APIv3 key: 32 bytes. `Debug` does not show it, and its memory is wiped on drop.
///
/// ```
/// let key = wechat::pay::v3::ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
/// assert_eq!(format!("{key:?}"), "ApiV3Key(…)");
/// assert!(wechat::pay::v3::ApiV3Key::parse("short").is_err());
/// # Ok::<(), wechat::pay::v3::InvalidApiV3Key>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiV3Key(Zeroizing<[u8; 32]>);

/// The key does not have 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an APIv3 key has 32 characters")]
pub struct InvalidApiV3Key;

impl ApiV3Key {
    /// Reads the key as the merchant platform shows it.
    ///
    /// # Errors
    /// [`InvalidApiV3Key`] if it does not have 32 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidApiV3Key> {
        text.as_bytes().try_into().map(|key| Self(Zeroizing::new(key))).map_err(|_| InvalidApiV3Key)
    }

    /// The key, for the code that decrypts with it.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Decrypts the resource of a notification or of the list of certificates.
    ///
    /// ```
    /// use wechat::{pay::v3::{ApiV3Key, Resource}, wire::aead};
    ///
    /// let key = ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
    /// let resource = Resource {
    ///     algorithm: aead::ALGORITHM.into(),
    ///     ciphertext: aead::encrypt(key.expose(), b"fdasflkja484", "transaction", b"{}"),
    ///     associated_data: "transaction".into(),
    ///     nonce: "fdasflkja484".into(),
    ///     original_type: None,
    /// };
    /// assert_eq!(key.decrypt(&resource)?, b"{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DecryptionError`] if the algorithm is another one, or if another key encrypted the resource.
    pub fn decrypt(&self, resource: &Resource) -> Result<Vec<u8>, DecryptionError> {
        if resource.algorithm != aead::ALGORITHM {
            return Err(DecryptionError);
        }
        aead::decrypt(&self.0, &resource.nonce, &resource.associated_data, &resource.ciphertext)
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key(…)")
    }
}

/// A merchant of Pay V3. It is a plain value, so one process may have several.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, Credential, Merchant};
///
/// let pem = include_str!("../../../tests/keys/merchant_pkcs1.pem");
/// let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
/// let key = ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?;
/// let merchant = Merchant::new("wxd678efh567hg6787", credential, key);
/// assert_eq!(merchant.mchid(), "1900009191");
/// assert!(!format!("{merchant:?}").contains("5YI2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Merchant {
    appid: String,
    credential: Credential,
    api_v3_key: ApiV3Key,
    sub_merchant: Option<SubMerchant>,
}

impl Merchant {
    /// `appid` is the account to which the payer's openid belongs. It must be bound to the merchant number.
    #[must_use]
    pub fn new(appid: impl Into<String>, credential: Credential, api_v3_key: ApiV3Key) -> Self {
        Self { appid: appid.into(), credential, api_v3_key, sub_merchant: None }
    }

    /// Makes this merchant a provider (服务商) that places orders for `sub_merchant`. [`Merchant::appid`] stays the
    /// account to which the payer's openid belongs. It is the provider's account or the sub-merchant's account
    /// (`sub_appid`).
    #[must_use]
    pub fn with_sub_merchant(self, sub_merchant: SubMerchant) -> Self {
        Self { sub_merchant: Some(sub_merchant), ..self }
    }

    /// The merchant for whom this provider places orders. `None` if this merchant is not a provider.
    #[must_use]
    pub const fn sub_merchant(&self) -> Option<&SubMerchant> {
        self.sub_merchant.as_ref()
    }

    /// The number of the merchant who receives the money: in partner mode the sub-merchant.
    #[cfg(feature = "client")]
    pub(super) fn paid_mchid(&self) -> &str {
        self.sub_merchant.as_ref().map_or(self.mchid(), |sub| &sub.mch_id)
    }

    /// The account of the sub-merchant, if shoppers log in to that account.
    pub(super) fn sub_appid(&self) -> Option<&str> {
        self.sub_merchant.as_ref()?.sub_appid(&self.appid)
    }

    /// The account's `appid`.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// The merchant's number.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.credential.mchid()
    }

    /// What the merchant signs with.
    #[must_use]
    pub const fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The key that decrypts WeChat's notifications and certificates.
    #[must_use]
    pub const fn api_v3_key(&self) -> &ApiV3Key {
        &self.api_v3_key
    }
}
