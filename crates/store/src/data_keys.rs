//! Encrypts secrets in the database: the second factors of the staff, and WeChat's tokens.
//!
//! The cipher is AES-256-GCM. Each value names its key, and is bound to its place (table, column and row): a value that
//! was copied to another row does not decrypt there.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{self, HKDF_SHA256},
};

use crate::{
    Store, StoreError,
    driver::{Connection, text},
    rows,
};

/// An encrypted value is this prefix, the key's number, a colon, and nonce, ciphertext and tag in hexadecimal. No plain
/// secret begins with it: a second factor is base32, and a token of WeChat has no colon.
const PREFIX: &str = "enc1:";

/// `SHOP_DATA_KEYS`: the first key encrypts, all keys decrypt. Without a key, secrets are stored in plain text.
#[derive(Clone, Default)]
pub struct DataKeys(Arc<[DataKey]>);

struct DataKey {
    /// Eight hexadecimal digits that identify the key and reveal nothing about it.
    number: String,
    cipher: RandomizedNonceKey,
}

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

/// None of the keys decrypts a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DataKeyError {
    #[error(
        "SHOP_DATA_KEYS is not set, and the database holds secrets that are encrypted with a key (number {0}): set the key \
         that this database was written with"
    )]
    Missing(String),
    #[error(
        "SHOP_DATA_KEYS does not hold the key that this database was written with (number {0}): put that key back, behind a \
         newer one if there is one"
    )]
    Unknown(String),
    #[error("an encrypted secret in the database was changed from outside: reset it ({0})")]
    Changed(String),
}

impl DataKey {
    fn new(key: &str) -> Self {
        let pseudorandom = hkdf::Salt::new(HKDF_SHA256, b"xiaodian data key").extract(key.as_bytes());
        let (mut cipher, mut number) = ([0; 32], [0; 4]);
        fill(&pseudorandom, b"AES-256-GCM", &mut cipher);
        fill(&pseudorandom, b"number", &mut number);
        let cipher = RandomizedNonceKey::new(&AES_256_GCM, &cipher).expect("32 bytes are the cipher's key");
        Self { number: hex::encode(number), cipher }
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn fill(key: &hkdf::Prk, purpose: &[u8], bytes: &mut [u8]) {
    let length = Length(bytes.len());
    key.expand(&[purpose], length)
        .and_then(|output| output.fill(bytes))
        .expect("HKDF gives up to 8160 bytes");
}

impl DataKeys {
    /// Derives the keys from texts, the newest first. A text can have any length, but must be random enough.
    #[must_use]
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().map(DataKey::new).collect())
    }

    /// Whether no key is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Encrypts a value for its place. Returns it unchanged if no key is set, or the value is empty.
    pub(crate) fn seal(&self, place: &str, text: &str) -> String {
        let Some(key) = self.0.first().filter(|_| !text.is_empty()) else { return text.to_owned() };
        let mut bytes = text.as_bytes().to_vec();
        let nonce = key
            .cipher
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut bytes)
            .expect("a short text is not too long for GCM");
        format!("{PREFIX}{}:{}{}", key.number, hex::encode(nonce.as_ref()), hex::encode(bytes))
    }

    /// The plain text of a stored value, which may be encrypted or not.
    pub(crate) fn open(&self, place: &str, stored: &str) -> Result<String, StoreError> {
        self.decrypt(place, stored).map_err(StoreError::during("decrypting its secrets"))
    }

    fn decrypt(&self, place: &str, stored: &str) -> Result<String, DataKeyError> {
        let Some(rest) = stored.strip_prefix(PREFIX) else { return Ok(stored.to_owned()) };
        let changed = || DataKeyError::Changed(place.to_owned());
        let (number, sealed) = rest.split_once(':').ok_or_else(changed)?;
        let Some(key) = self.0.iter().find(|key| key.number == number) else {
            let number = number.chars().take(8).collect();
            return Err(if self.is_empty() {
                DataKeyError::Missing(number)
            } else {
                DataKeyError::Unknown(number)
            });
        };
        let sealed = hex::decode(sealed).map_err(|_| changed())?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(changed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| changed())?;
        let mut bytes = sealed.to_vec();
        let opened = key.cipher.open_in_place(nonce, Aad::from(place.as_bytes()), &mut bytes);
        let opened = opened.map_err(|_| changed())?;
        String::from_utf8(opened.to_vec()).map_err(|_| changed())
    }

    /// Whether a stored value must be encrypted again: it is in plain text, or its key is not the first one.
    fn is_outdated(&self, stored: &str) -> bool {
        let first = self.0.first().filter(|_| !stored.is_empty());
        first.is_some_and(|key| !stored.starts_with(&format!("{PREFIX}{}:", key.number)))
    }
}

/// The place of a second factor.
pub(crate) fn totp_place(name: &str) -> String {
    format!("staff.totp:{name}")
}

/// The place of one of WeChat's tokens.
pub(crate) fn token_place(appid: &str, kind: &str) -> String {
    format!("tokens.token:{appid}:{kind}")
}

/// A column with secrets: the statement that reads it, the statement that changes a row (its values: new secret, two
/// keys, old secret), and the place of a row.
struct Column {
    read: &'static str,
    write: &'static str,
    place: fn(&str, &str) -> String,
}

const COLUMNS: [Column; 2] = [
    Column {
        read: "SELECT name AS first, '' AS second, totp AS secret FROM staff WHERE totp <> ''",
        write: "UPDATE staff SET totp = $1 WHERE name = $2 AND $3 = '' AND totp = $4",
        place: |name, _| totp_place(name),
    },
    Column {
        read: "SELECT appid AS first, kind AS second, token AS secret FROM tokens WHERE token <> ''",
        write: "UPDATE tokens SET token = $1 WHERE appid = $2 AND kind = $3 AND token = $4",
        place: token_place,
    },
];

impl Store {
    /// Gives the store its keys. Decrypts every secret once, so that a wrong key fails at the start. Encrypts secrets
    /// in plain text, or with an older key, with the first key.
    ///
    /// # Errors
    /// [`StoreError`] if no key decrypts a secret, or the database fails.
    pub async fn with_data_keys(mut self, keys: DataKeys) -> Result<Self, StoreError> {
        let own = keys.clone();
        let changed = self
            .exclusive(move |connection| Box::pin(async move { reencrypt(connection, &own).await }))
            .await?;
        if changed > 0 {
            tracing::info!(
                secrets = changed,
                "secrets of the database were encrypted with the first of SHOP_DATA_KEYS"
            );
        }
        self.data_keys = keys;
        Ok(self)
    }
}

async fn reencrypt(connection: &mut Connection, keys: &DataKeys) -> Result<usize, StoreError> {
    const CONTEXT: &str = "encrypting its secrets";
    connection.begin(CONTEXT).await?;
    let mut changed = 0;
    for column in &COLUMNS {
        for row in &connection.fetch(CONTEXT, column.read, Vec::new()).await? {
            let read = |column| rows::text::<String>(row, column);
            let (first, second, stored) = (read("first")?, read("second")?, read("secret")?);
            let place = (column.place)(&first, &second);
            let plain = keys.open(&place, &stored)?;
            if !keys.is_outdated(&stored) {
                continue;
            }
            // the condition keeps a newer value that another server has written meanwhile
            let values = [keys.seal(&place, &plain), first, second, stored].map(text);
            connection.execute(CONTEXT, column.write, values.into()).await?;
            changed += 1;
        }
    }
    connection.commit(CONTEXT).await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "old-data-key-0123456789-0123456789";
    const NEW: &str = "new-data-key-0123456789-0123456789";

    #[test]
    fn the_first_key_encrypts_and_all_decrypt() {
        let (old, both) = (DataKeys::new([OLD]), DataKeys::new([NEW, OLD]));
        let sealed = old.seal("a", "secret");
        assert!(!sealed.contains("secret"));
        assert_ne!(sealed, old.seal("a", "secret"), "each with a nonce of its own");
        assert_eq!(both.open("a", &sealed).unwrap(), "secret");
        assert!(both.is_outdated(&sealed) && !both.is_outdated(&both.seal("a", "secret")));
        assert!(old.open("a", &both.seal("a", "secret")).is_err());
    }

    #[test]
    fn a_value_of_another_place_or_a_changed_one_does_not_decrypt() {
        let keys = DataKeys::new([NEW]);
        let sealed = keys.seal("staff.totp:anna", "secret");
        assert!(keys.open("staff.totp:bert", &sealed).is_err());
        let last = if sealed.ends_with('0') { "1" } else { "0" };
        assert!(keys.open("staff.totp:anna", &format!("{}{last}", &sealed[..sealed.len() - 1])).is_err());
        assert!(keys.open("staff.totp:anna", "enc1:00000000:zz").is_err());
        assert!(keys.open("staff.totp:anna", &sealed[..20]).is_err());
    }

    #[test]
    fn without_a_key_a_text_stays_as_it_is_and_a_sealed_one_names_the_variable() {
        let none = DataKeys::default();
        assert_eq!(none.seal("a", "plain"), "plain");
        assert_eq!(none.open("a", "plain").unwrap(), "plain");
        let error = none.open("a", &DataKeys::new([NEW]).seal("a", "secret")).unwrap_err().to_string();
        assert!(error.contains("SHOP_DATA_KEYS is not set"), "{error}");
        let error =
            DataKeys::new([OLD]).open("a", &DataKeys::new([NEW]).seal("a", "x")).unwrap_err().to_string();
        assert!(error.contains("SHOP_DATA_KEYS does not hold the key") && !error.contains('\n'), "{error}");
        assert!(!format!("{:?}", DataKeys::new([OLD])).contains("old"));
    }

    #[test]
    fn an_empty_text_says_that_there_is_no_secret_and_stays_empty() {
        assert_eq!(DataKeys::new([NEW]).seal("a", ""), "");
    }
}
