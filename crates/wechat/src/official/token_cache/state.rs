//! What one process knows about its token, and what the cache does when a caller asks for it.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};

use super::CachedToken;
use crate::{Error, Secret};

/// After a failed refresh the cache returns the error for this long. The back-off doubles with each further failure.
pub(super) const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);
pub(super) const MAX_RETRY_DELAY: Duration = Duration::from_secs(10);

/// How often the cache looks for a newer token of another process in the store.
pub(super) const RECHECK_INTERVAL: Duration = Duration::from_secs(10);

/// If WeChat returns a rejected token again, the cache ignores further reports of it for this long.
pub(super) const CONFIRMED_FOR: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct State {
    current: Option<Entry>,
    pub(super) refresh: Option<Refresh>,
    failure: Option<Failure>,
}

struct Entry {
    token: CachedToken,
    recheck_at: Instant,
    /// The cache ignores reports of this token until then.
    confirmed_until: Option<Instant>,
}

pub(super) type Outcome = Option<Result<CachedToken, Error>>;

/// A refresh that is running.
#[derive(Clone)]
pub(super) struct Refresh {
    /// The token whose rejection is the reason for this refresh.
    pub(super) rejected: Option<Secret>,
    pub(super) outcome: watch::Receiver<Outcome>,
}

struct Failure {
    error: Error,
    delay: Duration,
    until: Instant,
}

pub(super) enum Decision {
    Serve(CachedToken),
    ServeAndRefresh(CachedToken),
    Fail(Error),
    Wait(Refresh),
    Refresh,
}

impl State {
    pub(super) fn decide(&self, rejected: Option<&Secret>) -> Decision {
        let now = Instant::now();
        let current = self.current.as_ref().filter(|entry| {
            now < entry.token.expires_at
                && (Some(&entry.token.value) != rejected
                    || entry.confirmed_until.is_some_and(|until| now < until))
        });
        // an error means that the sender was dropped without an outcome: the task was cancelled
        let running = self.refresh.as_ref().filter(|refresh| refresh.outcome.has_changed().is_ok());
        let failure = self.failure.as_ref().filter(|failure| now < failure.until);
        match (current, running, failure) {
            (Some(entry), None, None) if now >= entry.token.refresh_at.min(entry.recheck_at) => {
                Decision::ServeAndRefresh(entry.token.clone())
            }
            (Some(entry), ..) => Decision::Serve(entry.token.clone()),
            (None, Some(refresh), _) => Decision::Wait(refresh.clone()),
            (None, None, Some(failure)) => Decision::Fail(failure.error.clone()),
            (None, None, None) => Decision::Refresh,
        }
    }

    /// Records how a refresh ended, and returns the same outcome.
    pub(super) fn finish(
        &mut self,
        rejected: Option<&Secret>,
        outcome: Result<CachedToken, Error>,
    ) -> Result<CachedToken, Error> {
        self.refresh = None;
        let now = Instant::now();
        match outcome {
            Ok(token) => {
                let confirmed_until = (Some(&token.value) == rejected).then(|| now + CONFIRMED_FOR);
                let recheck_at = now + RECHECK_INTERVAL;
                self.current = Some(Entry { token: token.clone(), recheck_at, confirmed_until });
                self.failure = None;
                Ok(token)
            }
            Err(error) => {
                let delay = match &self.failure {
                    Some(last) => (last.delay * 2).min(MAX_RETRY_DELAY),
                    None => FIRST_RETRY_DELAY,
                };
                self.failure = Some(Failure { error: error.clone(), delay, until: now + delay });
                Err(error)
            }
        }
    }
}
