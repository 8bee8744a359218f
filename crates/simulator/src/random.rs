//! Random text: numbers, tokens, codes.

const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system has random bytes");
}

/// Letters and digits.
pub(crate) fn alphanumeric(length: usize) -> String {
    pick(length, ALPHANUMERIC)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(length: usize) -> String {
    pick(length, &HEXADECIMAL)
}

/// Decimal digits.
pub(crate) fn digits(length: usize) -> String {
    pick(length, &ALPHANUMERIC[..10])
}

const HEXADECIMAL: [u8; 16] = *b"0123456789abcdef";

fn pick(length: usize, of: &[u8]) -> String {
    let mut bytes = vec![0; length];
    fill(&mut bytes);
    bytes.iter().map(|byte| char::from(of[usize::from(*byte) % of.len()])).collect()
}

/// Returns true with this probability.
#[expect(clippy::float_arithmetic, reason = "a probability, not money")]
pub(crate) fn happens(probability: f64) -> bool {
    let drawn = getrandom::u32().expect("the operating system has random bytes");
    f64::from(drawn) / f64::from(u32::MAX) < probability
}

/// The request id at the end of each `errmsg`: `rid: ` and hexadecimal digits, 8-8-8.
pub(crate) fn rid() -> String {
    format!("rid: {}-{}-{}", hex(8), hex(8), hex(8))
}
