//! How failed sign-ins delay the next ones. The database counts them by name and by IP address, so all servers see
//! them.
//!
//! Failures only delay a sign-in and never lock the account: otherwise a stranger who knows a name could lock the
//! person out. Wrong codes after the right password are counted separately. They pause the second factor, because the
//! sender knows the password.

use std::time::Duration;

use store::{SignInCounts, SignInTimes};

/// The number of failures of an address, and of a name, before the first delay.
const FREE_OF_ADDRESS: i64 = 3;
const FREE_OF_NAME: i64 = 10;

/// The first delay, which doubles with each failure, and the maximum delays, ms.
const FIRST_DELAY_MS: u64 = 250;
const MAX_DELAY_OF_ADDRESS_MS: u64 = 10_000;
const MAX_DELAY_OF_NAME_MS: u64 = 5_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How long the counts are kept.
pub(super) const TIMES: SignInTimes =
    SignInTimes { forget_ms: 15 * 60 * 1000, delete_ms: DAY_MS, known_ms: 90 * DAY_MS };

/// The number of wrong codes before the pause. After that, one code is allowed each [`CODE_PAUSE_MS`].
pub(super) const WRONG_CODES: i64 = 5;
pub(super) const CODE_PAUSE_MS: i64 = 60 * 60 * 1000;

/// How long a sign-in waits before the check of its password. Failures from other addresses do not delay an address
/// from which the account has signed in before.
pub(super) fn delay(counts: SignInCounts) -> Duration {
    let of_name =
        if counts.is_known { 0 } else { doubled(counts.of_name - FREE_OF_NAME, MAX_DELAY_OF_NAME_MS) };
    let of_address = doubled(counts.of_address - FREE_OF_ADDRESS, MAX_DELAY_OF_ADDRESS_MS);
    Duration::from_millis(of_name.max(of_address))
}

/// Whether the server logs an error for the operator: once, at this failure.
pub(super) const fn is_alarming(counts: SignInCounts) -> bool {
    counts.of_name == FREE_OF_NAME
}

fn doubled(beyond: i64, longest_ms: u64) -> u64 {
    if beyond < 0 { 0 } else { (FIRST_DELAY_MS << beyond.min(10)).min(longest_ms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(of_name: i64, of_address: i64, is_known: bool) -> SignInCounts {
        SignInCounts { of_name, of_address, is_known }
    }

    #[test]
    fn failures_delay_the_next_try_but_never_for_long() {
        assert_eq!(delay(counts(9, 2, false)), Duration::ZERO);
        assert_eq!(delay(counts(10, 0, false)), Duration::from_millis(250));
        assert_eq!(delay(counts(12, 0, false)), Duration::from_secs(1));
        assert_eq!(delay(counts(0, 4, false)), Duration::from_millis(500));
        assert_eq!(delay(counts(1_000_000, 0, false)), Duration::from_millis(MAX_DELAY_OF_NAME_MS));
        assert_eq!(delay(counts(0, i64::MAX, false)), Duration::from_millis(MAX_DELAY_OF_ADDRESS_MS));
        // an attack from another address does not delay the address of the last sign-in
        assert_eq!(delay(counts(1_000_000, 0, true)), Duration::ZERO);
    }

    async fn count(store: &store::Store, known_address: Option<&str>, now_ms: i64) -> bool {
        let counted = store.count_code(Some("anna"), known_address, WRONG_CODES, CODE_PAUSE_MS, now_ms);
        counted.await.unwrap()
    }

    #[tokio::test]
    async fn a_second_factor_takes_five_wrong_codes_and_then_one_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let store =
            store::Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let mut taken = 0;
        for minute in 0..24 * 60 {
            taken += i64::from(count(&store, None, minute * 60_000).await);
        }
        assert!((WRONG_CODES..=WRONG_CODES + 24).contains(&taken), "{taken} codes in a day");
        // the pause does not apply to anna's known address, and a reset ends it
        assert!(count(&store, Some("10.0.0.1"), 24 * 3_600_000).await);
        assert!(!count(&store, None, 24 * 3_600_000 - 1000).await);
        store.forget_account("anna").await.unwrap();
        assert!(count(&store, None, 24 * 3_600_000).await);
        // without a name there is no limit
        for at in 0..20 {
            assert!(store.count_code(None, None, WRONG_CODES, CODE_PAUSE_MS, at).await.unwrap());
        }
    }
}
