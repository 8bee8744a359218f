//! `AEAD_AES_256_GCM`, with which Pay V3 hides what it posts (doc/v3/merchant/4012071382).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The algorithm's name on the wire.
pub const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// Bytes of a nonce. Another length is refused: it made well-known clients panic.
pub const NONCE_LENGTH: usize = 12;

/// What was given does not decrypt: not base64, a nonce of a wrong length, or a tag that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message does not decrypt under this key")]
pub struct DecryptionError;

/// Decrypts and checks. `ciphertext` is base64 with the tag at its end, `nonce` and `associated_data` are the texts
/// that stand beside it.
///
/// # Errors
/// [`DecryptionError`], without a word about what was wrong.
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

/// Encrypts as [`decrypt`] decrypts: for tests and simulators, which see to it that a nonce is used once.
///
/// ```
/// use wechat::wire::aead::{decrypt, encrypt};
///
/// let key = b"5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6";
/// let hidden = encrypt(key, b"katvtHDDPxkw", "transaction", b"{}");
/// assert_eq!(decrypt(key, "katvtHDDPxkw", "transaction", &hidden)?, b"{}");
/// assert!(decrypt(key, "katvtHDDPxkw", "refund", &hidden).is_err());
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
        .expect("a message that fits in memory is not too long for GCM");
    STANDARD.encode(buffer)
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are the key's length"))
}
