//! `AEAD_AES_256_GCM`, the encryption of Pay V3 (doc/v3/merchant/4012071382).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The name of the algorithm in WeChat's messages.
pub const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// The length of a nonce in bytes. [`decrypt`] refuses another length, which made well-known clients panic.
pub const NONCE_LENGTH: usize = 12;

/// The message cannot be decrypted: it is not base64, the nonce has a wrong length, or the tag is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot decrypt the message with this key")]
pub struct DecryptionError;

/// Decrypts a message and checks its tag. `ciphertext` is base64 with the tag at its end. `nonce` and
/// `associated_data` are the texts of the same message.
///
/// # Errors
/// [`DecryptionError`]. It does not say what is wrong, because that would help an attacker.
pub fn decrypt(
    key: &[u8; 32],
    nonce: &str,
    associated_data: &str,
    ciphertext: &str,
) -> Result<Vec<u8>, DecryptionError> {
    let nonce: [u8; NONCE_LENGTH] = nonce.as_bytes().try_into().map_err(|_| DecryptionError)?;
    let mut buffer = STANDARD.decode(ciphertext).map_err(|_| DecryptionError)?;
    let length = cipher(key)
        .open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated_data.as_bytes()),
            &mut buffer,
        )
        .map_err(|_| DecryptionError)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

/// The reverse of [`decrypt`], for tests and simulators. Use a nonce only once with a key.
///
/// ```
/// use wechat::wire::aead::{decrypt, encrypt};
///
/// let key = b"5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6";
/// let encrypted = encrypt(key, b"katvtHDDPxkw", "transaction", b"{}");
/// assert_eq!(decrypt(key, "katvtHDDPxkw", "transaction", &encrypted)?, b"{}");
/// assert!(decrypt(key, "katvtHDDPxkw", "refund", &encrypted).is_err());
/// # Ok::<(), wechat::wire::aead::DecryptionError>(())
/// ```
#[must_use]
pub fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE_LENGTH],
    associated_data: &str,
    plaintext: &[u8],
) -> String {
    let mut buffer = plaintext.to_vec();
    cipher(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(associated_data.as_bytes()),
            &mut buffer,
        )
        .expect("a message in memory is short enough for GCM");
    STANDARD.encode(buffer)
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key has 32 bytes"))
}
