use rand::Rng;

/// The source of random values. Nothing else in the shop and the server creates them.
pub trait Ids: Send + Sync + 'static {
    /// Fills the bytes with random values.
    fn fill(&self, bytes: &mut [u8]);
}

/// The cryptographic random generator of `rand`, seeded repeatedly by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn fill(&self, bytes: &mut [u8]) {
        // panics if the system has no randomness: the server could not continue safely
        rand::rng().fill_bytes(bytes);
    }
}

/// 32 random hexadecimal digits, such as for a `nonce_str`, a lease or an id.
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
