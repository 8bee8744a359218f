use std::fmt;

use ::aes::{
    Aes256,
    cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding},
};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

/// The 43rd character of a key may contain bits after the last byte. The published keys have such bits.
const KEY_BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

const TEXT_BASE64: GeneralPurpose = base64::engine::general_purpose::STANDARD;

/// WeChat pads to 32 bytes, although a block of AES has 16.
const PADDED_TO: usize = 32;

/// The number of random bytes before the length and the message.
const RANDOM: usize = 16;

/// The number of bytes of the length field (big-endian), which follows the random bytes.
const LENGTH: usize = 4;

/// The key of the secure mode (`EncodingAESKey`): 43 letters and digits. `Debug` does not show it.
#[derive(Clone)]
pub struct EncodingAesKey(Zeroizing<[u8; 32]>);

/// The text is not an `EncodingAESKey`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an EncodingAESKey has 43 letters and digits: copy it from the account's message settings")]
pub struct InvalidEncodingAesKey;

impl EncodingAesKey {
    /// Reads the key as the settings page shows it.
    ///
    /// # Errors
    /// [`InvalidEncodingAesKey`] unless the text has 43 letters and digits.
    ///
    /// ```
    /// use wechat::push::EncodingAesKey;
    ///
    /// assert!(EncodingAesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").is_ok());
    /// assert!(EncodingAesKey::parse("too short").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, InvalidEncodingAesKey> {
        if text.len() != 43 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(InvalidEncodingAesKey);
        }
        let padded = Zeroizing::new(format!("{text}="));
        let bytes = Zeroizing::new(KEY_BASE64.decode(padded.as_bytes()).map_err(|_| InvalidEncodingAesKey)?);
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(InvalidEncodingAesKey);
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// Decrypts the field `Encrypt`. Returns the message and the `appid` that follows it. `None` if another key
    /// encrypted the text, or if the text was changed.
    pub(super) fn decrypt(&self, encrypt: &str) -> Option<(Vec<u8>, String)> {
        let mut buffer = TEXT_BASE64.decode(encrypt).ok()?;
        let plain = cbc::Decryptor::<Aes256>::new((&*self.0).into(), self.iv())
            .decrypt_padded::<NoPadding>(&mut buffer)
            .ok()?;
        let padding = usize::from(*plain.last()?);
        let text = plain.get(..plain.len().checked_sub(padding)?)?;
        if padding == 0
            || padding > PADDED_TO
            || plain.iter().rev().take(padding).any(|&byte| usize::from(byte) != padding)
        {
            return None;
        }
        let (length, rest) = text.get(RANDOM..)?.split_first_chunk::<LENGTH>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (message, appid) = rest.split_at_checked(length)?;
        Some((message.to_vec(), String::from_utf8(appid.to_vec()).ok()?))
    }

    /// Encrypts a message: the reverse of [`EncodingAesKey::decrypt`].
    pub(super) fn encrypt(&self, random: &[u8; RANDOM], message: &[u8], appid: &str) -> String {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut buffer = [random, &length[..], message, appid.as_bytes()].concat();
        let padding = PADDED_TO - buffer.len() % PADDED_TO;
        buffer.resize(buffer.len() + padding, u8::try_from(padding).unwrap_or(0));
        let end = buffer.len();
        cbc::Encryptor::<Aes256>::new((&*self.0).into(), self.iv())
            .encrypt_padded::<NoPadding>(&mut buffer, end)
            .expect("the text is padded");
        TEXT_BASE64.encode(buffer)
    }

    /// The initialization vector: the first 16 bytes of the key, as in WeChat's SDKs. The documents do not say which
    /// bytes.
    fn iv(&self) -> &::aes::cipher::Iv<cbc::Decryptor<Aes256>> {
        self.0.first_chunk::<16>().expect("a key has 32 bytes").into()
    }
}

impl fmt::Debug for EncodingAesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodingAesKey(…)")
    }
}
