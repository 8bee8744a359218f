//! The two AES modes without authentication that WeChat still uses. A successful decryption does not prove that WeChat
//! sent the data.

use ::aes::{
    Aes128, Aes256,
    cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit, block_padding::Pkcs7},
};

/// The message cannot be decrypted: its length or its padding is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot decrypt the message with this key")]
pub struct DecryptionError;

const BLOCK: usize = 16;

/// Decrypts AES-256-ECB with PKCS#7: the `req_info` of a V2 refund notification (doc/v2/merchant/4011989265). The key
/// is the lower-case hexadecimal MD5 of the API key, 32 characters.
///
/// # Errors
/// [`DecryptionError`]. It does not say what is wrong, because that would help an attacker.
///
/// ```
/// use wechat::wire::aes::{decrypt_ecb, encrypt_ecb};
///
/// let key = b"0123456789abcdef0123456789abcdef";
/// assert_eq!(decrypt_ecb(key, &encrypt_ecb(key, b"hello"))?, b"hello");
/// assert!(decrypt_ecb(key, b"hello").is_err());
/// # Ok::<(), wechat::wire::aes::DecryptionError>(())
/// ```
pub fn decrypt_ecb(key: &[u8; 32], ciphertext: &[u8]) -> Result<Vec<u8>, DecryptionError> {
    let mut buffer = ciphertext.to_vec();
    let length = ecb::Decryptor::<Aes256>::new(key.into())
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .map_err(|_| DecryptionError)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

/// The reverse of [`decrypt_ecb`], for tests and simulators.
///
/// ```
/// assert_eq!(wechat::wire::aes::encrypt_ecb(&[7; 32], b"hello").len(), 16);
/// ```
#[must_use]
pub fn encrypt_ecb(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = with_room(plaintext);
    ecb::Encryptor::<Aes256>::new(key.into())
        .encrypt_padded::<Pkcs7>(&mut buffer, plaintext.len())
        .expect("the buffer has room for the padding");
    buffer
}

/// Decrypts AES-128-CBC with PKCS#7: the `encryptedData` of a mini program. The key is its `session_key`.
///
/// # Errors
/// [`DecryptionError`]. It does not say what is wrong, because that would help an attacker.
///
/// ```
/// use wechat::wire::aes::{decrypt_cbc, encrypt_cbc};
///
/// let (key, iv) = (b"0123456789abcdef", b"fedcba9876543210");
/// assert_eq!(decrypt_cbc(key, iv, &encrypt_cbc(key, iv, b"hello"))?, b"hello");
/// # Ok::<(), wechat::wire::aes::DecryptionError>(())
/// ```
pub fn decrypt_cbc(key: &[u8; 16], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Vec<u8>, DecryptionError> {
    let mut buffer = ciphertext.to_vec();
    let length = cbc::Decryptor::<Aes128>::new(key.into(), iv.into())
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .map_err(|_| DecryptionError)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

/// The reverse of [`decrypt_cbc`], for tests and simulators.
///
/// ```
/// // a full block is followed by a block of padding
/// assert_eq!(wechat::wire::aes::encrypt_cbc(&[7; 16], &[9; 16], &[0; 16]).len(), 32);
/// ```
#[must_use]
pub fn encrypt_cbc(key: &[u8; 16], iv: &[u8; 16], plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = with_room(plaintext);
    cbc::Encryptor::<Aes128>::new(key.into(), iv.into())
        .encrypt_padded::<Pkcs7>(&mut buffer, plaintext.len())
        .expect("the buffer has room for the padding");
    buffer
}

/// The text, followed by 1 to 16 bytes for the padding.
fn with_room(plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = plaintext.to_vec();
    buffer.resize((plaintext.len() / BLOCK + 1) * BLOCK, 0);
    buffer
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_ecb_vector() {
        // wechatpay-php tests/Crypto/AesEcbTest.php
        let given = STANDARD.decode("pZwJZBLuy3mDACEQT4YTBw==").unwrap();
        let key = b"0123456789abcdef0123456789abcdef";
        assert_eq!(decrypt_ecb(key, &given).unwrap(), b"hello");
        assert_eq!(encrypt_ecb(key, b"hello"), given);
    }

    proptest! {
        #[test]
        fn decryption_reverses_encryption(key in any::<[u8; 32]>(), text in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decrypt_ecb(&key, &encrypt_ecb(&key, &text)).unwrap(), text.clone());
            let (half, iv) = (key[..16].try_into().unwrap(), key[16..].try_into().unwrap());
            prop_assert_eq!(decrypt_cbc(half, iv, &encrypt_cbc(half, iv, &text)).unwrap(), text);
        }

        #[test]
        fn trap_11_no_bytes_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = decrypt_ecb(&[7; 32], &bytes);
            let _ = decrypt_cbc(&[7; 16], &[7; 16], &bytes);
        }
    }
}
