use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use crate::wire::{certificate::Certificate, rsa::PublicKey};

/// The prefix of the id of a WeChat Pay public key. The serial of a certificate is hexadecimal.
pub(super) const PUBLIC_KEY_ID_PREFIX: &str = "PUB_KEY_ID_";

/// The keys with which WeChat Pay signs: platform certificates and WeChat Pay public keys, each with its serial. Cheap
/// to clone; all clones share one ring.
///
/// While a merchant changes from certificates to the public key, WeChat may sign a message with either. So the ring
/// takes the key that `Wechatpay-Serial` names. A change replaces all keys in one step.
///
/// ```
/// use wechat::{pay::v3::KeyRing, wire::{certificate::Certificate, rsa::PublicKey}};
///
/// let keys = KeyRing::new();
/// let id = "PUB_KEY_ID_0114232134912410000000000000";
/// keys.add_public_key(id, PublicKey::from_pem(include_str!("../../../tests/keys/wechatpay_public.pem"))?);
/// keys.replace_certificates(vec![
///     Certificate::from_pem(include_str!("../../../tests/keys/platform_cert.pem"))?,
/// ]);
/// assert!(keys.contains(id) && keys.contains("5157F09EFDC096DE15EBE81A47057A7232F1B8E1"));
/// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
/// ```
#[derive(Clone, Default)]
pub struct KeyRing(Arc<RwLock<Arc<Keys>>>);

#[derive(Clone, Default)]
struct Keys {
    certificates: Vec<Certificate>,
    public_keys: Vec<(String, PublicKey)>,
}

/// The result of a search by serial.
pub(super) enum Lookup {
    Key(PublicKey),
    /// A certificate with this serial has expired or is not valid yet.
    NotValidNow,
    NotFound,
}

impl KeyRing {
    /// An empty ring.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a WeChat Pay public key with its id, `PUB_KEY_ID_…`. Replaces the key that has the same id.
    pub fn add_public_key(&self, public_key_id: &str, key: PublicKey) {
        self.change(|keys| {
            keys.public_keys.retain(|(id, _)| id != public_key_id);
            keys.public_keys.push((public_key_id.to_owned(), key));
        });
    }

    /// Replaces all platform certificates. Public keys stay.
    pub fn replace_certificates(&self, certificates: Vec<Certificate>) {
        self.change(|keys| keys.certificates = certificates);
    }

    /// Whether the ring has a key with this serial.
    #[must_use]
    pub fn contains(&self, serial: &str) -> bool {
        let keys = self.read();
        keys.public_keys.iter().any(|(id, _)| id == serial) || keys.certificate(serial).is_some()
    }

    /// All serials, public keys first.
    ///
    /// ```
    /// use wechat::{pay::v3::KeyRing, wire::certificate::Certificate};
    ///
    /// let keys = KeyRing::new();
    /// keys.replace_certificates(vec![Certificate::from_pem(include_str!("../../../tests/keys/platform_cert.pem"))?]);
    /// assert_eq!(keys.serials(), ["5157F09EFDC096DE15EBE81A47057A7232F1B8E1"]);
    /// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
    /// ```
    #[must_use]
    pub fn serials(&self) -> Vec<String> {
        let keys = self.read();
        let ids = keys.public_keys.iter().map(|(id, _)| id);
        ids.chain(keys.certificates.iter().map(|certificate| &certificate.serial_no)).cloned().collect()
    }

    /// Whether the ring has no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let keys = self.read();
        keys.public_keys.is_empty() && keys.certificates.is_empty()
    }

    /// The id of the public key that was added last, or `None`. The client names it in the header `Wechatpay-Serial` of
    /// a request, and WeChat signs the response with this key.
    #[must_use]
    pub fn public_key_id(&self) -> Option<String> {
        self.read().public_keys.last().map(|(id, _)| id.clone())
    }

    /// The key for sensitive fields, and its serial for the header `Wechatpay-Serial`. It is the public key that was
    /// added last, or else the certificate that stays valid longest. `None` if the ring has no valid key. `now` is in
    /// seconds since 1970.
    ///
    /// ```
    /// use wechat::{pay::v3::KeyRing, wire::certificate::Certificate};
    ///
    /// let keys = KeyRing::new();
    /// keys.replace_certificates(vec![Certificate::from_pem(include_str!("../../../tests/keys/platform_cert.pem"))?]);
    /// let (serial, _) = keys.encrypting_key(1_767_240_000).expect("it is valid at this time");
    /// assert_eq!(serial, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
    /// assert!(keys.encrypting_key(0).is_none() && keys.public_key_id().is_none());
    /// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
    /// ```
    #[must_use]
    pub fn encrypting_key(&self, now: i64) -> Option<(String, PublicKey)> {
        let keys = self.read();
        if let Some(found) = keys.public_keys.last() {
            return Some(found.clone());
        }
        keys.certificates
            .iter()
            .filter(|certificate| certificate.is_valid_at(now))
            .max_by_key(|certificate| certificate.not_after)
            .map(|certificate| (certificate.serial_no.clone(), certificate.public_key.clone()))
    }

    pub(super) fn find(&self, serial: &str, now: i64) -> Lookup {
        let keys = self.read();
        if let Some((_, key)) = keys.public_keys.iter().find(|(id, _)| id == serial) {
            return Lookup::Key(key.clone());
        }
        match keys.certificate(serial) {
            Some(certificate) if certificate.is_valid_at(now) => Lookup::Key(certificate.public_key.clone()),
            Some(_) => Lookup::NotValidNow,
            None => Lookup::NotFound,
        }
    }

    /// A new ring with the same public keys and these certificates. With it the caller verifies a message first, and
    /// then replaces the certificates of this ring.
    #[cfg(feature = "client")]
    pub(super) fn with_certificates(&self, certificates: Vec<Certificate>) -> Self {
        let mut keys = Keys::clone(&self.read());
        keys.certificates = certificates;
        Self(Arc::new(RwLock::new(Arc::new(keys))))
    }

    fn read(&self) -> Arc<Keys> {
        // a writer only replaces one pointer, so the ring is complete even if the lock is poisoned
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Keys)) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut keys = Keys::clone(&current);
        change(&mut keys);
        *current = Arc::new(keys);
    }
}

impl Keys {
    fn certificate(&self, serial: &str) -> Option<&Certificate> {
        if serial.starts_with(PUBLIC_KEY_ID_PREFIX) {
            return None;
        }
        let serial = serial.trim_start_matches('0');
        self.certificates.iter().find(|certificate| certificate.serial_no.eq_ignore_ascii_case(serial))
    }
}

/// Shows only the serials.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyRing").field(&self.serials()).finish()
    }
}
