//! Whether the server accepts new requests, and how long it continues to serve after the signal to stop.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// If `/readyz` was requested within this time, there is a load balancer.
const ASKED_WITHIN: Duration = Duration::from_secs(5);

/// How long a stopping server continues to serve behind a load balancer: long enough for several of its checks.
const DRAIN: Duration = Duration::from_secs(2);

/// Whether the server accepts new requests: until it begins to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readiness(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    is_stopping: bool,
    asked: Option<Instant>,
}

impl Readiness {
    /// Records that a load balancer asks. Returns whether it may send requests.
    pub(crate) fn ask(&self) -> bool {
        let mut inner = self.inner();
        inner.asked = Some(Instant::now());
        !inner.is_stopping
    }

    /// Begins the stop. Returns how long the server must continue to serve: a load balancer sends requests until its
    /// next check, and a request to a closed port would fail.
    pub(crate) fn stop(&self) -> Duration {
        let mut inner = self.inner();
        inner.is_stopping = true;
        match inner.asked {
            Some(asked) if asked.elapsed() <= ASKED_WITHIN => DRAIN,
            _ => Duration::ZERO,
        }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        // no code panics while it holds the lock
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_behind_a_balancer_serves_until_the_balancer_knows() {
        let alone = Readiness::default();
        assert_eq!(alone.stop(), Duration::ZERO);
        let behind = Readiness::default();
        assert!(behind.ask());
        assert_eq!(behind.stop(), DRAIN);
        assert!(!behind.ask());
    }
}
