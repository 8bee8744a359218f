use std::time::Duration;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone, offset},
};

/// The shop's clock. Nothing else in the shop and the server reads the time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970, UTC.
    fn now_ms(&self) -> i64;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    fn now_ms(&self) -> i64 {
        Timestamp::now().as_millisecond()
    }
}

/// The clock of the machine, moved forward: for tests with a simulated WeChat whose clock is moved, too.
#[derive(Clone, Copy, Debug, Default)]
pub struct MovedClock {
    /// How far it is ahead of the clock of the machine, ms.
    pub ahead_ms: i64,
}

impl Clock for MovedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.ahead_ms
    }
}

/// A clock that shows one fixed time: for `server jobs --now`.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock {
    /// Milliseconds since 1970, UTC.
    pub now_ms: i64,
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

/// A fixed offset is right: Shanghai has had no summer time since 1991.
const SHANGHAI: Offset = offset(8);

/// The local time in Shanghai. `ms` counts since 1970, UTC. A time outside jiff's range becomes 1970.
///
/// ```
/// assert_eq!(shop::shanghai(1_414_587_457_000).strftime("%F %T").to_string(), "2014-10-29 20:57:37");
/// ```
#[must_use]
pub fn shanghai(ms: i64) -> DateTime {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::fixed(SHANGHAI)).datetime()
}

/// The time of a local time in Shanghai, ms since 1970, UTC.
pub(crate) fn from_shanghai(time: DateTime) -> i64 {
    // fails only at the end of jiff's range, in the year 9999
    time.to_zoned(TimeZone::fixed(SHANGHAI)).map_or(i64::MAX, |time| time.timestamp().as_millisecond())
}

/// A day, ms.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A duration in milliseconds, as the database stores it.
pub(crate) fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
