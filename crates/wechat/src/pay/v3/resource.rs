use serde::Deserialize;

/// Data that WeChat Pay encrypted with the merchant's APIv3 key. [`super::ApiV3Key::decrypt`] decrypts it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Resource {
    /// `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// The encrypted data in base64, with the tag at its end.
    pub ciphertext: String,
    /// Additional authenticated data; may be empty.
    #[serde(default)]
    pub associated_data: String,
    /// The nonce: twelve bytes of text.
    pub nonce: String,
    /// The kind of the data: `transaction`, `refund`. `None` for a certificate.
    #[serde(default)]
    pub original_type: Option<String>,
}
