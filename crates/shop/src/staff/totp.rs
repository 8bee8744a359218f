//! The second factor (TOTP): six digits that change every 30 seconds (RFC 6238 and RFC 4226 with SHA-1, which all
//! authenticator apps support).

use subtle::ConstantTimeEq;
use totp_rs::{Builder, Secret};

/// The length of a period, seconds. Each period has its own code.
pub const TOTP_PERIOD_S: i64 = 30;

/// The number of periods before and after the current one whose codes are accepted, because the clocks of phones differ
/// a little.
const DRIFT: i64 = 1;

/// Base32 without padding, the form for authenticator apps.
pub(super) fn base32(bytes: &[u8]) -> String {
    Secret::from(bytes).to_base32()
}

/// The code of a base32 secret in the period number `step`, counted since 1970; `None` if the secret is not valid.
#[must_use]
pub fn totp_code(secret: &str, step: i64) -> Option<String> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let at_s = u64::try_from(step.checked_mul(TOTP_PERIOD_S)?).ok()?;
    Some(Builder::new().with_secret(secret).build().ok()?.generate(at_s).to_string())
}

/// The number of the period of a code. `None` if the code is not valid now, or its period is not later than `last`, the
/// last used period.
pub(super) fn step_of(secret: &str, code: &str, now_s: i64, last: i64) -> Option<i64> {
    let now = now_s.div_euclid(TOTP_PERIOD_S);
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    // compares with every period, so that the time reveals nothing
    (now - DRIFT..=now + DRIFT).fold(None, |found, step| {
        let same: bool =
            totp_code(secret, step).is_some_and(|own| own.as_bytes().ct_eq(code.as_bytes()).into());
        if same && step > last { Some(step) } else { found }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let secret = base32(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (at_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp_code(&secret, at_s / TOTP_PERIOD_S).as_deref(), Some(code), "{at_s}");
        }
    }

    #[test]
    fn a_code_counts_for_a_minute_and_a_half_and_once() {
        let secret = base32(b"12345678901234567890");
        let code = totp_code(&secret, 100).unwrap();
        for (now, is_good) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            assert_eq!(step_of(&secret, &code, now * TOTP_PERIOD_S, 0).is_some(), is_good, "{now}");
        }
        assert_eq!(step_of(&secret, &code, 100 * TOTP_PERIOD_S, 100), None);
        assert_eq!(step_of(&secret, "", 100 * TOTP_PERIOD_S, 0), None);
    }
}
