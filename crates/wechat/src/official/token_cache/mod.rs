//! The cache of one token or ticket: the state of this process in `state`, the refresh through the shared store in
//! `refresh`.

mod refresh;
mod state;
#[cfg(test)]
mod tests;

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};
use tracing::Instrument;

use self::{
    refresh::SharedStore,
    state::{Decision, Refresh, State},
};
use super::{StoredToken, TokenName, TokenStore};
use crate::{Error, Secret};

/// A token is refreshed at most this long before it expires. WeChat returns a new stable token only in the last five
/// minutes of the old one, and both tokens work in this time.
const REFRESH_AHEAD: Duration = Duration::from_secs(240);

/// A token that WeChat has just returned.
pub(super) struct FetchedToken {
    pub(super) value: Secret,
    /// The lifetime, counted from the moment before the request.
    pub(super) lifetime: Duration,
}

/// A token, when it expires and when it is refreshed.
#[derive(Clone)]
pub(super) struct CachedToken {
    pub(super) value: Secret,
    pub(super) expires_at: Instant,
    refresh_at: Instant,
}

impl CachedToken {
    fn new(value: Secret, expires_at: Instant, lifetime: Duration) -> Self {
        Self { value, expires_at, refresh_at: expires_at - REFRESH_AHEAD.min(lifetime / 4) }
    }

    fn stored(stored: &StoredToken) -> Self {
        Self::new(stored.token.clone(), Instant::now() + stored.expires_in, stored.lifetime)
    }
}

/// Caches one token or ticket in this process. Processes share it through the store.
///
/// Each process runs at most one refresh at a time. Only the process with the lease asks WeChat, so a late response
/// cannot replace a newer token. A refresh is a task of its own: a caller that stops waiting does not cancel it for the
/// others.
pub(super) struct TokenCache {
    store: Arc<SharedStore>,
    state: Arc<Mutex<State>>,
}

impl TokenCache {
    /// An empty cache. Errors of the store have the kind of the token as their endpoint.
    pub(super) fn new(name: TokenName, store: Arc<dyn TokenStore>) -> Self {
        Self { store: Arc::new(SharedStore { name, store }), state: Arc::default() }
    }

    /// Returns the current token. Fetches a new token if there is none, if the current one has expired, or if it equals
    /// `rejected`. `fetch` receives the rejected token.
    pub(super) async fn get<F, R>(&self, rejected: Option<&Secret>, fetch: F) -> Result<CachedToken, Error>
    where
        F: Fn(Option<Secret>) -> R,
        R: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
    {
        loop {
            let mut refresh = {
                let mut state = lock(&self.state);
                match state.decide(rejected) {
                    Decision::Serve(token) => return Ok(token),
                    Decision::ServeAndRefresh(token) => {
                        self.start_refresh(&mut state, None, &fetch);
                        return Ok(token);
                    }
                    Decision::Fail(error) => return Err(error),
                    Decision::Wait(refresh) => refresh,
                    Decision::Refresh => self.start_refresh(&mut state, rejected.cloned(), &fetch),
                }
            };
            let same_reason = refresh.rejected.as_ref() == rejected;
            let outcome = match refresh.outcome.wait_for(Option::is_some).await {
                Ok(outcome) => outcome.clone(),
                Err(_) => None,
            };
            match outcome {
                // a refresh that began before the report may return the rejected token: try again
                Some(Ok(token)) if !same_reason && Some(&token.value) == rejected => {}
                Some(outcome) => return outcome,
                None => return Err(Error::abandoned(self.store.name.kind.as_str())),
            }
        }
    }

    fn start_refresh<F, R>(&self, state: &mut State, rejected: Option<Secret>, fetch: &F) -> Refresh
    where
        F: Fn(Option<Secret>) -> R,
        R: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
    {
        let (sender, outcome) = watch::channel(None);
        let refresh = Refresh { rejected: rejected.clone(), outcome };
        state.refresh = Some(refresh.clone());
        let (store, state) = (Arc::clone(&self.store), Arc::clone(&self.state));
        let fetching = fetch(rejected.clone());
        let task = async move {
            let outcome = store.refresh(rejected.as_ref(), fetching).await;
            let outcome = lock(&state).finish(rejected.as_ref(), outcome);
            sender.send_replace(Some(outcome));
        };
        // its log lines keep the span of the caller that started it
        tokio::spawn(task.in_current_span());
        refresh
    }
}

/// No code panics while it holds the lock, so the state is complete even if the lock is poisoned.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
