use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{PhoneInfo, SessionKey};
use crate::{
    json::{self, JsonError},
    wire::aes::{self, DecryptionError},
};

/// Bytes of the longest `encryptedData` that is read, as base64.
const MAX_LENGTH: usize = 64 * 1024;

/// What was in an `encryptedData`: JSON with the watermark of this mini program. Personal, so it is not printed.
///
/// ```
/// use wechat::miniprogram::{Decrypted, PhoneInfo};
///
/// /// The phone number, where the data is five minutes old at most.
/// fn fresh(data: Decrypted, now: i64) -> Option<PhoneInfo> {
///     data.not_older_than(300, now).ok()?.phone_info().ok()
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Decrypted {
    plaintext: String,
    timestamp: i64,
}

/// Why an `encryptedData` is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Longer than any that WeChat makes.
    #[error("the data is too long")]
    TooLong,
    /// Not base64, or an `iv` that has not 16 bytes.
    #[error("the data or its iv is not base64 of the right length")]
    Form,
    /// Not under this session key: most likely the user has logged in again meanwhile.
    #[error("the data does not decrypt; was the session_key replaced by another login?")]
    Decryption,
    /// Not JSON with a watermark.
    #[error("the data cannot be read: {0}")]
    Json(#[from] JsonError),
    /// Made for another mini program.
    #[error("the data is another mini program's")]
    Watermark,
    /// Made longer ago than was asked for, or in the future.
    #[error("the data is too old, or from the future")]
    Stale,
}

impl From<DecryptionError> for DataError {
    fn from(_: DecryptionError) -> Self {
        Self::Decryption
    }
}

#[derive(Deserialize)]
struct Marked {
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    timestamp: i64,
    appid: String,
}

impl SessionKey {
    /// Decrypts what the mini program was given (AES-128-CBC) and checks that it was made for this `appid`.
    ///
    /// It has no signature of its own: who knows the session key could have made it, so the key never leaves the
    /// server.
    ///
    /// ```
    /// use base64::{Engine, engine::general_purpose::STANDARD};
    /// use wechat::{miniprogram::{DataError, SessionKey}, wire::aes::encrypt_cbc};
    ///
    /// // what WeChat does with the user's key
    /// let (key, iv) = ([7; 16], [9; 16]);
    /// let plain = r#"{"phoneNumber":"+1 555","purePhoneNumber":"555","countryCode":1,
    ///     "watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}"#;
    /// let (hidden, iv) = (STANDARD.encode(encrypt_cbc(&key, &iv, plain.as_bytes())), STANDARD.encode(iv));
    ///
    /// let key = SessionKey::parse(&STANDARD.encode(key))?;
    /// let data = key.decrypt(&hidden, &iv, "wx4f4bc4dec97d474b")?;
    /// assert_eq!(data.phone_info()?.country_code, "1");
    /// assert_eq!(data.not_older_than(300, 1_477_400_000), Err(DataError::Stale));
    /// assert_eq!(key.decrypt(&hidden, &iv, "wx1"), Err(DataError::Watermark));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError`] says what is wrong.
    pub fn decrypt(&self, encrypted_data: &str, iv: &str, appid: &str) -> Result<Decrypted, DataError> {
        if encrypted_data.len() > MAX_LENGTH {
            return Err(DataError::TooLong);
        }
        let iv = STANDARD.decode(iv).map_err(|_| DataError::Form)?;
        let iv = <[u8; 16]>::try_from(&*iv).map_err(|_| DataError::Form)?;
        let hidden = STANDARD.decode(encrypted_data).map_err(|_| DataError::Form)?;
        let plain = aes::decrypt_cbc(self.bytes(), &iv, &hidden)?;
        let plaintext = String::from_utf8(plain).map_err(|_| DataError::Decryption)?;
        let Marked { watermark } = json::read(plaintext.as_bytes())?;
        if watermark.appid != appid {
            return Err(DataError::Watermark);
        }
        Ok(Decrypted { plaintext, timestamp: watermark.timestamp })
    }
}

impl Decrypted {
    /// The JSON.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.plaintext
    }

    /// When it was made, in seconds since 1970, as its watermark says.
    #[must_use]
    pub const fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// The same, where it was made not more than `age` seconds before or behind `now`.
    ///
    /// # Errors
    /// [`DataError::Stale`] where it was not.
    pub fn not_older_than(self, age: u64, now: i64) -> Result<Self, DataError> {
        if self.timestamp.abs_diff(now) <= age { Ok(self) } else { Err(DataError::Stale) }
    }

    /// The phone number, where it is one (`getPhoneNumber` of older mini programs).
    ///
    /// # Errors
    /// [`JsonError`] where it is something else.
    pub fn phone_info(&self) -> Result<PhoneInfo, JsonError> {
        json::read(self.plaintext.as_bytes())
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}
