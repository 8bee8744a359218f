//! The simulator's clock: the real time plus the time that `POST /_simulator/clock` added.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{
    Span, Timestamp, Zoned,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};

/// Milliseconds since 1970, UTC.
pub(crate) type Millis = i64;

pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// WeChat writes all times in Asia/Shanghai. It has had no daylight saving time since 1991, so it is UTC+8.
const SHANGHAI: Offset = Offset::constant(8);

/// A clock that can be moved forward.
#[derive(Debug)]
pub(crate) struct Clock {
    ahead: AtomicI64,
    /// How far the shop's clock should be ahead. scripts/run.sh restarts the shop with this difference.
    shop_ahead: AtomicI64,
}

impl Clock {
    pub(crate) const fn new(ahead: Millis, shop_ahead: Millis) -> Self {
        Self { ahead: AtomicI64::new(ahead), shop_ahead: AtomicI64::new(shop_ahead) }
    }

    /// The time for lifetimes, retry schedules and `time_end`.
    pub(crate) fn now(&self) -> Millis {
        real_now() + self.ahead()
    }

    /// How far the clock has been moved forward.
    pub(crate) fn ahead(&self) -> Millis {
        self.ahead.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, by: Millis) {
        self.ahead.fetch_add(by, Ordering::Relaxed);
    }

    /// Sets both differences. This can also move the clocks back.
    pub(crate) fn set(&self, ahead: Millis, shop_ahead: Millis) {
        self.ahead.store(ahead, Ordering::Relaxed);
        self.shop_ahead.store(shop_ahead, Ordering::Relaxed);
    }

    /// How far the shop's clock should be ahead.
    pub(crate) fn shop_ahead(&self) -> Millis {
        self.shop_ahead.load(Ordering::Relaxed)
    }

    /// Sets the difference of the shop's clock to the difference of this clock.
    pub(crate) fn set_shop_ahead(&self) {
        self.shop_ahead.store(self.ahead(), Ordering::Relaxed);
    }
}

/// The real time, for times that a client wrote into a message.
#[expect(clippy::disallowed_methods, reason = "this file is the simulator's clock")]
pub(crate) fn real_now() -> Millis {
    Timestamp::now().as_millisecond()
}

fn civil(at: Millis) -> DateTime {
    SHANGHAI.to_datetime(Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX))
}

/// Formats a time for V2: `yyyyMMddHHmmss` in Shanghai.
pub(crate) fn v2_time(at: Millis) -> String {
    civil(at).strftime("%Y%m%d%H%M%S").to_string()
}

/// Reads `yyyyMMddHHmmss`.
pub(crate) fn parse_v2_time(text: &str) -> Option<Millis> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let at = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    SHANGHAI.to_timestamp(at).ok().map(Timestamp::as_millisecond)
}

/// Formats a time for refunds and bills: `yyyy-MM-dd HH:mm:ss` in Shanghai.
pub(crate) fn spaced_time(at: Millis) -> String {
    civil(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Formats a time for people and for the ledger: RFC 3339 with `+08:00`.
pub(crate) fn rfc3339(at: Millis) -> String {
    in_shanghai(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Like [`rfc3339`], with milliseconds.
pub(crate) fn rfc3339_ms(at: Millis) -> String {
    in_shanghai(at).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

fn in_shanghai(at: Millis) -> Zoned {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX).to_zoned(TimeZone::fixed(SHANGHAI))
}

/// Reads RFC 3339.
pub(crate) fn parse_rfc3339(text: &str) -> Option<Millis> {
    text.parse().ok().map(Timestamp::as_millisecond)
}

/// The number of the day in Shanghai. Daily limits restart at midnight there.
pub(crate) const fn day(at: Millis) -> i64 {
    (at + 8 * HOUR).div_euclid(DAY)
}

/// The start of this day in Shanghai.
pub(crate) const fn day_start(day: i64) -> Millis {
    day * DAY - 8 * HOUR
}

/// Reads a day. `format` stands for `yyyyMMdd` or `yyyy-MM-dd`.
pub(crate) fn parse_day(format: &str, text: &str) -> Option<i64> {
    let date = Date::strptime(format, text).ok()?;
    // the parser accepts more than this form
    if date.strftime(format).to_string() != text {
        return None;
    }
    SHANGHAI.to_timestamp(date.at(0, 0, 0, 0)).ok().map(|at| day(at.as_millisecond()))
}

/// The day that is this many calendar months earlier.
pub(crate) fn months_before(day_now: i64, months: i32) -> i64 {
    let before = civil(day_start(day_now)).date().checked_sub(Span::new().months(months));
    let start = before.ok().and_then(|date| SHANGHAI.to_timestamp(date.at(0, 0, 0, 0)).ok());
    start.map_or(day_now, |at| day(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v2_times_are_read_and_written_in_shanghai() {
        let at = parse_v2_time("20091225091010").unwrap();
        assert_eq!(at, 1_261_703_410_000);
        assert_eq!(v2_time(at), "20091225091010");
        assert_eq!(spaced_time(at), "2009-12-25 09:10:10");
        assert_eq!(rfc3339(at), "2009-12-25T09:10:10+08:00");
    }

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        let day = parse_day("%Y%m%d", "20260131").unwrap();
        assert_eq!(v2_time(day_start(day)), "20260131000000");
        assert_eq!(parse_day("%Y-%m-%d", "2026-01-31"), Some(day));
        assert_eq!(v2_time(day_start(months_before(day, 2))), "20251130000000");
        for text in ["20260230", "2026-01-31", "2026131", "", "202601310"] {
            assert_eq!(parse_day("%Y%m%d", text), None, "{text}");
        }
    }

    #[test]
    fn an_invalid_v2_time_is_refused() {
        for text in ["", "2009122509101", "20091325091010", "2009-12-25 09:1", "200912250910 0"] {
            assert_eq!(parse_v2_time(text), None, "{text}");
        }
    }
}
