use std::time::Duration;

/// The shop's clock.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970, UTC.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
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

/// A day, ms.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A duration in milliseconds, as the database stores it.
pub(crate) fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
