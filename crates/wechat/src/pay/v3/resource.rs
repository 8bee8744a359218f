use serde::Deserialize;

/// Something that WeChat Pay sends encrypted under the merchant's APIv3 key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Resource {
    /// `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// Base64, the tag at its end.
    pub ciphertext: String,
    /// What is authenticated with it; may be empty.
    #[serde(default)]
    pub associated_data: String,
    /// Twelve bytes.
    pub nonce: String,
    /// What it was before: `transaction`, `refund`. A certificate has none.
    #[serde(default)]
    pub original_type: Option<String>,
}
