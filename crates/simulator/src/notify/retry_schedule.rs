//! The schedule of repetitions: `15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h`.

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

#[cfg(test)]
mod tests {
    use super::*;

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
