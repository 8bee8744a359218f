use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{PhoneInfo, SessionKey};
use crate::{
    json::{self, JsonError},
    wire::aes::{self, DecryptionError},
};

/// The longest `encryptedData` in base64, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// The content of an `encryptedData`: JSON with a watermark. `Debug` does not show it, because it is personal data.
///
/// ```
/// use wechat::miniprogram::{DecryptedData, PhoneInfo};
///
/// /// The phone number, if the data is at most five minutes old.
/// fn fresh(data: DecryptedData, now: i64) -> Option<PhoneInfo> {
///     data.not_older_than(300, now).ok()?.phone_info().ok()
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DecryptedData {
    plaintext: String,
    timestamp: i64,
}

/// Why an `encryptedData` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The data is longer than 64 KiB. WeChat's data is shorter.
    #[error("the data is too long")]
    TooLong,
    /// The data is not base64, or the `iv` does not have 16 bytes.
    #[error("the data or its iv is not base64 of the right length")]
    Form,
    /// The data was encrypted with another session key. Most likely the user has logged in again.
    #[error("cannot decrypt the data; did another login replace the session_key?")]
    Decryption,
    /// The data is not JSON with a watermark.
    #[error("cannot read the data: {0}")]
    Json(#[from] JsonError),
    /// The data belongs to another mini program.
    #[error("the data belongs to another mini program")]
    Watermark,
    /// The data is older than allowed, or its time is in the future.
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
    /// Decrypts the data (AES-128-CBC) and checks that its watermark has this `appid`.
    ///
    /// The data has no signature: a person who knows the session key can create it. So the key must stay on the server.
    ///
    /// ```
    /// use base64::{Engine, engine::general_purpose::STANDARD};
    /// use wechat::{miniprogram::{DataError, SessionKey}, wire::aes::encrypt_cbc};
    ///
    /// // WeChat encrypts with the key of the user
    /// let (key, iv) = ([7; 16], [9; 16]);
    /// let plain = r#"{"phoneNumber":"+1 555","purePhoneNumber":"555","countryCode":1,
    ///     "watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}"#;
    /// let (encrypted, iv) = (STANDARD.encode(encrypt_cbc(&key, &iv, plain.as_bytes())), STANDARD.encode(iv));
    ///
    /// let key = SessionKey::parse(&STANDARD.encode(key))?;
    /// let data = key.decrypt(&encrypted, &iv, "wx4f4bc4dec97d474b")?;
    /// assert_eq!(data.phone_info()?.country_code, "1");
    /// assert_eq!(data.not_older_than(300, 1_477_400_000), Err(DataError::Stale));
    /// assert_eq!(key.decrypt(&encrypted, &iv, "wx1"), Err(DataError::Watermark));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError`] names the mistake.
    pub fn decrypt(&self, encrypted_data: &str, iv: &str, appid: &str) -> Result<DecryptedData, DataError> {
        if encrypted_data.len() > MAX_LENGTH {
            return Err(DataError::TooLong);
        }
        let iv = STANDARD.decode(iv).map_err(|_| DataError::Form)?;
        let iv = <[u8; 16]>::try_from(&*iv).map_err(|_| DataError::Form)?;
        let encrypted = STANDARD.decode(encrypted_data).map_err(|_| DataError::Form)?;
        let plain = aes::decrypt_cbc(self.bytes(), &iv, &encrypted)?;
        let plaintext = String::from_utf8(plain).map_err(|_| DataError::Decryption)?;
        let Marked { watermark } = json::read(plaintext.as_bytes())?;
        if watermark.appid != appid {
            return Err(DataError::Watermark);
        }
        Ok(DecryptedData { plaintext, timestamp: watermark.timestamp })
    }
}

impl DecryptedData {
    /// The decrypted JSON.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.plaintext
    }

    /// The time of the watermark, in seconds since 1970.
    #[must_use]
    pub const fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// Returns the data if its time differs from `now` by at most `age` seconds.
    ///
    /// # Errors
    /// [`DataError::Stale`] if the difference is larger.
    pub fn not_older_than(self, age: u64, now: i64) -> Result<Self, DataError> {
        if self.timestamp.abs_diff(now) <= age { Ok(self) } else { Err(DataError::Stale) }
    }

    /// Reads the data as a phone number. Older mini programs get it with `getPhoneNumber`.
    ///
    /// # Errors
    /// [`JsonError`] if the data is something else.
    pub fn phone_info(&self) -> Result<PhoneInfo, JsonError> {
        json::read(self.plaintext.as_bytes())
    }
}

impl fmt::Debug for DecryptedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptedData").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}
