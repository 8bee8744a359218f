use rand::Rng;

/// The source of random numbers.
pub trait Ids: Send + Sync + 'static {
    /// Fills the bytes at random.
    fn fill(&self, bytes: &mut [u8]);
}

/// A cryptographic generator that the operating system seeds repeatedly.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn fill(&self, bytes: &mut [u8]) {
        // it panics if the system gives no randomness: the server could not continue safely
        rand::rng().fill_bytes(bytes);
    }
}

/// 32 hexadecimal digits: a `nonce_str`, a lease.
pub(crate) fn nonce(ids: &dyn Ids) -> String {
    let mut bytes = [0; 16];
    ids.fill(&mut bytes);
    hex::encode(bytes)
}

/// A text of `count` random digits.
pub(crate) fn digits(ids: &dyn Ids, count: usize) -> String {
    let mut bytes = vec![0; count];
    ids.fill(&mut bytes);
    bytes.into_iter().map(|byte| char::from(b'0' + byte % 10)).collect()
}
