//! The encryption of the secure mode: AES-256-CBC over 16 random bytes, the length, the message and the appid.

use aes::{
    Aes256,
    cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding},
};
use base64::{Engine, alphabet, engine::general_purpose};
use sha1::{Digest, Sha1};

use crate::random;

/// The unit of the padding, bytes.
const UNIT: usize = 32;

/// Encrypts a message of this account.
pub(super) fn encrypt(encoding_aes_key: &str, message: &[u8], appid: &str) -> String {
    // the last character of a key may contain unused bits
    let lenient = general_purpose::GeneralPurpose::new(
        &alphabet::STANDARD,
        general_purpose::NO_PAD.with_decode_allow_trailing_bits(true),
    );
    let key = lenient.decode(encoding_aes_key).expect("the settings accept only 43 letters and digits");
    let mut text = random::hex(16).into_bytes();
    text.extend(u32::try_from(message.len()).expect("a push is short").to_be_bytes());
    text.extend(message);
    text.extend(appid.bytes());
    let padding = UNIT - text.len() % UNIT;
    text.extend(std::iter::repeat_n(u8::try_from(padding).expect("at most 32"), padding));
    let length = text.len();
    cbc::Encryptor::<Aes256>::new_from_slices(&key, &key[..16])
        .expect("the key has 32 bytes")
        .encrypt_padded::<NoPadding>(&mut text, length)
        .expect("the text is padded");
    general_purpose::STANDARD.encode(text)
}

/// SHA-1 of the texts in the order of their bytes.
pub(super) fn sign(texts: &[&str]) -> String {
    let mut sorted = texts.to_vec();
    sorted.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
    hex::encode(Sha1::digest(sorted.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_signatures_are_made() {
        let signature = sign(&["AAAAA", "1714036504", "1514711492"]);
        assert_eq!(signature, "f464b24fc39322e44b38aa78f5edd27bd1441696");
    }

    #[test]
    fn a_text_is_padded_to_32_bytes() {
        // random, length, message, appid: 16 + 4 + 10 + 2 = 32, so a whole unit of padding follows
        let encrypted = encrypt("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", b"0123456789", "wx");
        assert_eq!(general_purpose::STANDARD.decode(encrypted).unwrap().len(), 64);
    }
}
