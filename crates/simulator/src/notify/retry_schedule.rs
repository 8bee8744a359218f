//! The schedules of retries. Payments and refunds: `15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h`.

use crate::clock::{HOUR, MINUTE, Millis, SECOND};

/// The delays after the first attempt, together 24 hours and 4 minutes.
const PAUSES: [Millis; 15] = [
    15 * SECOND,
    15 * SECOND,
    30 * SECOND,
    3 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    30 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    3 * HOUR,
    3 * HOUR,
    3 * HOUR,
    6 * HOUR,
    6 * HOUR,
];

/// When the next attempt is due, after `made` attempts. The last one was due at `due`.
pub(super) fn next(due: Millis, made: usize) -> Option<Millis> {
    PAUSES.get(made.checked_sub(1)?).map(|pause| due + pause)
}

/// When the next attempt about a complaint is due: after 5 seconds, then ten times after a minute, then every five
/// minutes, for a week and 1,000 attempts at most (wechat-protocol-2.md, 8: the page of 2023).
pub(super) fn next_about_complaint(due: Millis, made: usize) -> Option<Millis> {
    let pause = match made {
        1 => 5 * SECOND,
        2..=11 => MINUTE,
        12..1000 => 5 * MINUTE,
        _ => return None,
    };
    Some(due + pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_reported_for_days() {
        let (mut due, mut made) = (0, 1);
        while let Some(at) = next_about_complaint(due, made) {
            (due, made) = (at, made + 1);
        }
        assert_eq!(made, 1000);
        assert_eq!(next_about_complaint(0, 1), Some(5 * SECOND));
        assert_eq!(due, 5 * SECOND + 10 * MINUTE + 988 * 5 * MINUTE);
        assert!(due < 7 * 24 * HOUR);
    }

    #[test]
    fn the_schedule_is_the_documented_schedule() {
        let mut due = 0;
        let mut made = 1;
        while let Some(at) = next(due, made) {
            (due, made) = (at, made + 1);
        }
        assert_eq!(due, 24 * HOUR + 4 * MINUTE);
        assert_eq!(made, 16, "one attempt at once and fifteen more");
    }
}
