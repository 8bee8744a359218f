use rand::Rng;

/// Where numbers that nobody can guess come from.
pub trait Ids: Send + Sync + 'static {
    /// Fills the bytes at random.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's randomness: a generator for secrets, which is seeded by the system, again and again.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn fill(&self, bytes: &mut [u8]) {
        // it panics where the system has no randomness: nothing could go on safely
        rand::rng().fill_bytes(bytes);
    }
}

/// 32 hexadecimal digits: a `nonce_str`, a lease.
pub(crate) fn nonce(ids: &dyn Ids) -> String {
    let mut bytes = [0; 16];
    ids.fill(&mut bytes);
    hex::encode(bytes)
}

/// As many random digits.
pub(crate) fn digits(ids: &dyn Ids, count: usize) -> String {
    let mut bytes = vec![0; count];
    ids.fill(&mut bytes);
    bytes.into_iter().map(|byte| char::from(b'0' + byte % 10)).collect()
}
