//! RSA in Pay V3: signatures are PKCS#1 v1.5 with SHA-256, sensitive fields are OAEP with SHA-1.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{
        KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
        PublicEncryptingKey,
    },
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    pem,
    pem_mistake::{Wanted, explain},
};

/// A key or certificate that cannot be used: not PEM, not RSA, or not of 2,048 to 8,192 bits. The text of the error
/// names a known mistake and quotes nothing of the key.
///
/// ```
/// use wechat::wire::rsa::PrivateKey;
///
/// let certificate = include_str!("../../tests/keys/platform_cert.pem");
/// let error = PrivateKey::from_pem(certificate).unwrap_err();
/// assert_eq!(error.mistake(), Some("it is a certificate; the private key is in apiclient_key.pem"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidKey {
    wanted: &'static str,
    mistake: Option<&'static str>,
}

impl InvalidKey {
    pub(super) const fn new(wanted: &'static str) -> Self {
        Self { wanted, mistake: None }
    }

    /// Adds the mistake in the text to this error.
    pub(super) fn in_text(self, text: &str, wanted: Wanted) -> Self {
        Self { mistake: explain(text, wanted), ..self }
    }

    /// What is wrong with the text. `None` if no known mistake fits.
    #[must_use]
    pub const fn mistake(&self) -> Option<&'static str> {
        self.mistake
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.wanted)?;
        match self.mistake {
            Some(mistake) => write!(f, ": {mistake}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InvalidKey {}

/// The labels of a private key in PEM.
pub(crate) const PRIVATE_LABELS: [&str; 2] = ["PRIVATE KEY", "RSA PRIVATE KEY"];

const NOT_PRIVATE: InvalidKey =
    InvalidKey::new("an RSA private key of 2048 bits or more in PEM (PKCS#8 or PKCS#1)");
const NOT_PUBLIC: InvalidKey = InvalidKey::new("an RSA public key of 2048 to 8192 bits in PEM (SPKI)");

/// The text cannot be decrypted with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot decrypt the text with this key")]
pub struct DecryptionError;

/// The text is too long. OAEP encrypts at most the length of the key minus 42 bytes: 214 bytes with 2,048 bits.
///
/// ```
/// use wechat::wire::rsa::{PublicKey, TooLong};
///
/// let key = PublicKey::from_pem(include_str!("../../tests/keys/merchant_public.pem"))?;
/// assert_eq!(key.encrypt(&[b'x'; 300]), Err(TooLong));
/// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for encryption")]
pub struct TooLong;

/// A private key: signs requests and payments, decrypts sensitive fields. Cheap to clone.
///
/// `Debug` does not show the key. aws-lc owns the memory and wipes it.
///
/// ```
/// use wechat::wire::rsa::{PrivateKey, PublicKey};
///
/// let private = PrivateKey::from_pem(include_str!("../../tests/keys/merchant_pkcs8.pem"))?;
/// let public = PublicKey::from_pem(include_str!("../../tests/keys/merchant_public.pem"))?;
/// assert!(public.verify(b"message", &private.sign(b"message")));
/// assert!(!public.verify(b"another", &private.sign(b"message")));
/// assert_eq!(&**private.decrypt(&public.encrypt(b"secret")?)?, b"secret");
/// assert_eq!(format!("{private:?}"), "PrivateKey(…)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(Arc<Private>);

struct Private {
    signing: KeyPair,
    decrypting: OaepPrivateDecryptingKey,
}

impl PrivateKey {
    /// Reads `BEGIN PRIVATE KEY` (PKCS#8, like `apiclient_key.pem`) or `BEGIN RSA PRIVATE KEY` (PKCS#1). The text may
    /// contain other blocks too, such as the certificate.
    ///
    /// # Errors
    /// [`InvalidKey`]: not PEM, not RSA, or not of 2,048 to 8,192 bits.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        Self::read(text).map_err(|error| error.in_text(text, Wanted::PrivateKey))
    }

    fn read(text: &str) -> Result<Self, InvalidKey> {
        let (label, der) = pem::decode(text, &PRIVATE_LABELS).ok_or(NOT_PRIVATE)?;
        let signing = match label {
            "RSA PRIVATE KEY" => KeyPair::from_der(&der),
            _ => KeyPair::from_pkcs8(&der),
        }
        .map_err(|_| NOT_PRIVATE)?;
        // a copy of the private key; aws-lc-rs wipes it on drop
        let pkcs8: Pkcs8V1Der<'_> = signing.as_der().map_err(|_| NOT_PRIVATE)?;
        let decrypting = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).map_err(|_| NOT_PRIVATE)?;
        let decrypting = OaepPrivateDecryptingKey::new(decrypting).map_err(|_| NOT_PRIVATE)?;
        Ok(Self(Arc::new(Private { signing, decrypting })))
    }

    /// The signature of a message, in base64.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.signing.public_modulus_len()];
        self.0
            .signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("a checked key can sign, and the buffer has its length");
        STANDARD.encode(signature)
    }

    /// Decrypts a sensitive field that WeChat Pay encrypted for this merchant.
    ///
    /// # Errors
    /// [`DecryptionError`] if the text is not base64, or was encrypted with another key.
    pub fn decrypt(&self, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>, DecryptionError> {
        let ciphertext = STANDARD.decode(ciphertext).map_err(|_| DecryptionError)?;
        let mut plaintext = Zeroizing::new(vec![0; self.0.decrypting.min_output_size()]);
        let length = self
            .0
            .decrypting
            .decrypt(&OAEP_SHA1_MGF1SHA1, &ciphertext, &mut plaintext, None)
            .map_err(|_| DecryptionError)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

/// A public key: verifies signatures, encrypts sensitive fields. Cheap to clone. Threads share it without a lock.
///
/// ```
/// use wechat::wire::rsa::PublicKey;
///
/// let key = PublicKey::from_pem(include_str!("../../tests/keys/merchant_public.pem"))?;
/// assert!(!key.verify(b"message", "WECHATPAY/SIGNTEST/!")); // not base64
/// assert!(key.encrypt(&[b'x'; 214]).is_ok() && key.encrypt(&[b'x'; 215]).is_err());
/// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct PublicKey(Arc<Public>);

struct Public {
    verifying: ParsedPublicKey,
    encrypting: OaepPublicEncryptingKey,
}

impl PublicKey {
    /// Reads `BEGIN PUBLIC KEY`, like `pub_key.pem` of the merchant platform.
    ///
    /// # Errors
    /// [`InvalidKey`]: not PEM, not RSA, or not of 2,048 to 8,192 bits.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let read = || Self::from_spki(&pem::decode(text, &["PUBLIC KEY"]).ok_or(NOT_PUBLIC)?.1);
        read().map_err(|error| error.in_text(text, Wanted::PublicKey))
    }

    /// Reads a `SubjectPublicKeyInfo` in DER. A certificate contains one too.
    pub(super) fn from_spki(der: &[u8]) -> Result<Self, InvalidKey> {
        let encrypting = PublicEncryptingKey::from_der(der).map_err(|_| NOT_PUBLIC)?;
        let verifying = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|_| NOT_PUBLIC)?;
        let encrypting = OaepPublicEncryptingKey::new(encrypting).map_err(|_| NOT_PUBLIC)?;
        Ok(Self(Arc::new(Public { verifying, encrypting })))
    }

    /// Whether the base64 text is the signature of the message. A text that is not base64 is not a signature.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        STANDARD
            .decode(signature)
            .is_ok_and(|signature| self.0.verifying.verify_sig(message, &signature).is_ok())
    }

    /// Encrypts a sensitive field for the owner of the private key. Returns base64.
    ///
    /// # Errors
    /// [`TooLong`] for more than 214 bytes under a key of 2,048 bits.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, TooLong> {
        let mut ciphertext = vec![0; self.0.encrypting.ciphertext_size()];
        let encrypted = self
            .0
            .encrypting
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)
            .map_err(|_| TooLong)?;
        Ok(STANDARD.encode(encrypted))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}
