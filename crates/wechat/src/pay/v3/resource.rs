use serde::Deserialize;

/// Data that WeChat Pay has encrypted with the merchant's APIv3 key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Resource {
    /// `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// Base64, with the tag at its end.
    pub ciphertext: String,
    /// Additional authenticated data; may be empty.
    #[serde(default)]
    pub associated_data: String,
    /// Twelve bytes.
    pub nonce: String,
    /// The kind of the data: `transaction`, `refund`. A certificate has none.
    #[serde(default)]
    pub original_type: Option<String>,
}
