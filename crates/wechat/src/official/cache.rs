use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch, time::Instant};
use tracing::Instrument;

use super::{Lease, StoreError, StoredToken, TokenName, TokenStore};
use crate::{Error, Secret};

/// How long before its end a value is renewed, at most. WeChat gives out a new stable token in the last five minutes
/// only, and lets the old one work as long.
const AHEAD: Duration = Duration::from_secs(240);

/// How long nothing is asked after a failed refresh: this, doubled with each further failure up to the limit.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How old what is known of the store may be: another process may have put a newer value there.
const RECHECK: Duration = Duration::from_secs(10);

/// How long a value that was reported as failing, and that WeChat gave out again all the same, is not asked for again.
const CONFIRMED: Duration = Duration::from_secs(30);

/// How long one process may take to refresh before another tries: longer than all its calls and their time-outs.
const LEASE: Duration = Duration::from_secs(60);

/// How often it is looked whether another process has refreshed, and for how long.
const LOOK: Duration = Duration::from_millis(200);
const LONGEST_LOOK: Duration = Duration::from_secs(20);

/// A value just fetched.
pub(super) struct Fresh {
    pub(super) value: Secret,
    /// How long it lives, counted from before it was asked for.
    pub(super) lifetime: Duration,
}

/// A value with its time.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) value: Secret,
    pub(super) expires_at: Instant,
    refresh_at: Instant,
}

/// One value that ends and is fetched anew: a token, a ticket. It is shared with other processes through the store.
///
/// In each process there is at most one refresh at a time, and among the processes one that holds the lease, so a late
/// answer cannot replace a newer value; it runs on a task of its own, so a caller that gives up does not end it for the
/// others.
pub(super) struct Cache {
    shared: Arc<Shared>,
    state: Arc<Mutex<State>>,
}

struct Shared {
    name: TokenName,
    store: Arc<dyn TokenStore>,
}

#[derive(Default)]
struct State {
    current: Option<Entry>,
    refresh: Option<Refresh>,
    failure: Option<Failure>,
}

struct Entry {
    held: Held,
    /// When the store is to be looked at again.
    recheck_at: Instant,
    /// Until when reports of this very value are not followed.
    confirmed_until: Option<Instant>,
}

type Outcome = Option<Result<Held, Error>>;

#[derive(Clone)]
struct Refresh {
    /// The value that a caller reported as failing, where that is the reason.
    rejected: Option<Secret>,
    outcome: watch::Receiver<Outcome>,
}

struct Failure {
    error: Error,
    pause: Duration,
    until: Instant,
}

enum Decision {
    Serve(Held),
    ServeAndRefresh(Held),
    Refuse(Error),
    Wait(Refresh),
    Refresh,
}

impl Cache {
    /// An empty one; `name` is what its errors call it, too.
    pub(super) fn new(name: TokenName, store: Arc<dyn TokenStore>) -> Self {
        Self { shared: Arc::new(Shared { name, store }), state: Arc::default() }
    }

    /// The current value, or a new one: where there is none, where it has ended, and where it is the one that the
    /// caller reports as `rejected`. `fetch` is told the rejected value.
    pub(super) async fn get<F, R>(&self, rejected: Option<&Secret>, fetch: F) -> Result<Held, Error>
    where
        F: Fn(Option<Secret>) -> R,
        R: Future<Output = Result<Fresh, Error>> + Send + 'static,
    {
        loop {
            let mut refresh = {
                let mut state = lock(&self.state);
                match state.decide(rejected) {
                    Decision::Serve(held) => return Ok(held),
                    Decision::ServeAndRefresh(held) => {
                        self.start(&mut state, None, &fetch);
                        return Ok(held);
                    }
                    Decision::Refuse(error) => return Err(error),
                    Decision::Wait(refresh) => refresh,
                    Decision::Refresh => self.start(&mut state, rejected.cloned(), &fetch),
                }
            };
            let for_this_reason = refresh.rejected.as_ref() == rejected;
            let outcome = match refresh.outcome.wait_for(Option::is_some).await {
                Ok(outcome) => outcome.clone(),
                Err(_) => None,
            };
            match outcome {
                // a refresh that began before the report may still bring the rejected value
                Some(Ok(held)) if !for_this_reason && Some(&held.value) == rejected => {}
                Some(outcome) => return outcome,
                None => return Err(Error::abandoned(self.shared.name.kind.as_str())),
            }
        }
    }

    fn start<F, R>(&self, state: &mut State, rejected: Option<Secret>, fetch: &F) -> Refresh
    where
        F: Fn(Option<Secret>) -> R,
        R: Future<Output = Result<Fresh, Error>> + Send + 'static,
    {
        let (sender, outcome) = watch::channel(None);
        let refresh = Refresh { rejected: rejected.clone(), outcome };
        state.refresh = Some(refresh.clone());
        let (shared, state) = (Arc::clone(&self.shared), Arc::clone(&self.state));
        let fetching = fetch(rejected.clone());
        let refreshing = async move {
            let outcome = shared.refresh(rejected.as_ref(), fetching).await;
            let told = lock(&state).finish(rejected.as_ref(), outcome);
            sender.send_replace(Some(told));
        };
        // it outlives a caller that goes away, and its lines are still that caller's
        tokio::spawn(refreshing.in_current_span());
        refresh
    }
}

impl Shared {
    /// The store's value where that is good; else the one that WeChat gives to the holder of the lease.
    async fn refresh<R>(self: &Arc<Self>, rejected: Option<&Secret>, fetching: R) -> Result<Held, Error>
    where
        R: Future<Output = Result<Fresh, Error>> + Send + 'static,
    {
        let endpoint = self.name.kind.as_str();
        let failed = |error: StoreError| Error::store(endpoint, error);
        let give_up = Instant::now() + LONGEST_LOOK;
        let lease = loop {
            if let Some(held) = good(self.store.load(&self.name).await.map_err(failed)?.as_ref(), rejected) {
                return Ok(held);
            }
            if let Some(lease) = self.store.lease(&self.name, LEASE).await.map_err(failed)? {
                break Leased { shared: Arc::clone(self), lease: Some(lease) };
            }
            if Instant::now() >= give_up {
                return Err(Error::abandoned(endpoint));
            }
            tokio::time::sleep(LOOK).await;
        };
        let outcome = self.fetch(rejected, fetching).await;
        lease.release().await;
        outcome
    }

    async fn fetch<R>(&self, rejected: Option<&Secret>, fetching: R) -> Result<Held, Error>
    where
        R: Future<Output = Result<Fresh, Error>> + Send + 'static,
    {
        let failed = |error: StoreError| Error::store(self.name.kind.as_str(), error);
        // read first: whatever is published from here on is not replaced
        let version = self.store.version(&self.name).await.map_err(failed)?;
        // the last holder may have published between the look and the lease
        let stored = self.store.load(&self.name).await.map_err(failed)?;
        if let Some(held) = good(stored.as_ref(), rejected) {
            return Ok(held);
        }
        let asked_at = Instant::now();
        let fresh = fetching.await?;
        let left = fresh.lifetime.saturating_sub(asked_at.elapsed());
        let held = Held::new(fresh.value, asked_at + fresh.lifetime, fresh.lifetime);
        match self.store.publish(&self.name, version, &held.value, left).await {
            Ok(true) => Ok(held),
            // this answer is late: somebody else's is newer
            Ok(false) => match self.store.load(&self.name).await.map_err(failed)? {
                Some(stored) if Some(&stored.token) != rejected => Ok(Held::stored(&stored)),
                _ => Ok(held),
            },
            Err(error) => {
                tracing::warn!(%error, "the token store did not take a new token");
                Ok(held)
            }
        }
    }
}

/// A lease that is given back however its holder ends.
struct Leased {
    shared: Arc<Shared>,
    lease: Option<Lease>,
}

impl Leased {
    async fn release(mut self) {
        if let Some(lease) = self.lease.take() {
            self.shared.give_back(lease).await;
        }
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        if let (Some(lease), Ok(runtime)) = (self.lease.take(), Handle::try_current()) {
            let shared = Arc::clone(&self.shared);
            runtime.spawn(async move { shared.give_back(lease).await });
        }
    }
}

impl Shared {
    async fn give_back(&self, lease: Lease) {
        if let Err(error) = self.store.release(&self.name, lease).await {
            tracing::warn!(%error, "the token store did not take a lease back: it ends by itself");
        }
    }
}

/// What the store has, where it need not be refreshed.
fn good(stored: Option<&StoredToken>, rejected: Option<&Secret>) -> Option<Held> {
    let stored = stored.filter(|stored| Some(&stored.token) != rejected)?;
    let held = Held::stored(stored);
    (Instant::now() < held.refresh_at).then_some(held)
}

impl Held {
    fn new(value: Secret, expires_at: Instant, lifetime: Duration) -> Self {
        Self { value, expires_at, refresh_at: expires_at - AHEAD.min(lifetime / 4) }
    }

    fn stored(stored: &StoredToken) -> Self {
        Self::new(stored.token.clone(), Instant::now() + stored.expires_in, stored.lifetime)
    }
}

impl State {
    fn decide(&self, rejected: Option<&Secret>) -> Decision {
        let now = Instant::now();
        let current = self.current.as_ref().filter(|entry| {
            now < entry.held.expires_at
                && (Some(&entry.held.value) != rejected
                    || entry.confirmed_until.is_some_and(|until| now < until))
        });
        // a sender that is gone without an answer belongs to a task that was ended
        let running = self.refresh.as_ref().filter(|refresh| refresh.outcome.has_changed().is_ok());
        let failure = self.failure.as_ref().filter(|failure| now < failure.until);
        match (current, running, failure) {
            (Some(entry), None, None) if now >= entry.held.refresh_at.min(entry.recheck_at) => {
                Decision::ServeAndRefresh(entry.held.clone())
            }
            (Some(entry), ..) => Decision::Serve(entry.held.clone()),
            (None, Some(refresh), _) => Decision::Wait(refresh.clone()),
            (None, None, Some(failure)) => Decision::Refuse(failure.error.clone()),
            (None, None, None) => Decision::Refresh,
        }
    }

    fn finish(&mut self, rejected: Option<&Secret>, outcome: Result<Held, Error>) -> Result<Held, Error> {
        self.refresh = None;
        let now = Instant::now();
        match outcome {
            Ok(held) => {
                let confirmed_until = (Some(&held.value) == rejected).then(|| now + CONFIRMED);
                self.current = Some(Entry { held: held.clone(), recheck_at: now + RECHECK, confirmed_until });
                self.failure = None;
                Ok(held)
            }
            Err(error) => {
                let pause = match &self.failure {
                    Some(last) => (last.pause * 2).min(LONGEST_PAUSE),
                    None => FIRST_PAUSE,
                };
                self.failure = Some(Failure { error: error.clone(), pause, until: now + pause });
                Err(error)
            }
        }
    }
}

/// No code panics while it holds the lock, so a poisoned state is still whole.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
    };

    use tokio::time::{advance, sleep};

    use super::*;
    use crate::official::{MemoryTokenStore, TokenKind};

    fn secret(number: usize) -> Secret {
        Secret::new(number.to_string())
    }

    fn cache() -> Cache {
        cache_on(Arc::new(MemoryTokenStore::new()))
    }

    /// One of several processes.
    fn cache_on(store: Arc<MemoryTokenStore>) -> Cache {
        Cache::new(TokenName { appid: "wx1".into(), kind: TokenKind::AccessToken }, store)
    }

    /// The number of the value that the cache gives.
    async fn got<F, R>(cache: &Cache, rejected: Option<usize>, fetch: F) -> Result<usize, Error>
    where
        F: Fn(Option<Secret>) -> R,
        R: Future<Output = Result<Fresh, Error>> + Send + 'static,
    {
        let held = cache.get(rejected.map(secret).as_ref(), fetch).await?;
        Ok(held.value.expose().parse().unwrap())
    }

    const LIFETIME: Duration = Duration::from_secs(7200);

    /// Gives out 0, 1, 2, …, each after a while.
    #[derive(Clone, Default)]
    struct Source {
        asked: Arc<AtomicUsize>,
        fails: Arc<AtomicUsize>,
    }

    type Giving = Pin<Box<dyn Future<Output = Result<Fresh, Error>> + Send>>;

    const WHILE: Duration = Duration::from_millis(100);

    impl Source {
        async fn give(self) -> Result<Fresh, Error> {
            let number = self.asked.fetch_add(1, SeqCst);
            sleep(WHILE).await;
            if self.fails.load(SeqCst) > 0 {
                self.fails.fetch_sub(1, SeqCst);
                return Err(Error::status("test", 502));
            }
            Ok(Fresh { value: secret(number), lifetime: LIFETIME })
        }

        fn fetch(&self) -> impl Fn(Option<Secret>) -> Giving + use<'_> {
            |_| Box::pin(self.clone().give())
        }

        fn asked(&self) -> usize {
            self.asked.load(SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_served_from_memory_while_it_lives() {
        let (cache, source) = (cache(), Source::default());
        for _ in 0..3 {
            assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        }
        advance(LIFETIME - AHEAD - Duration::from_secs(1)).await;
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        assert_eq!(source.asked(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn trap_21_a_value_is_refreshed_ahead_of_its_end_and_the_old_one_served_meanwhile() {
        let (cache, source) = (cache(), Source::default());
        got(&cache, None, source.fetch()).await.unwrap();
        advance(LIFETIME - AHEAD).await;
        for _ in 0..5 {
            let asked_at = Instant::now();
            assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
            assert_eq!(asked_at.elapsed(), Duration::ZERO, "nobody waits for a refresh ahead of time");
        }
        sleep(WHILE * 2).await;
        assert_eq!(source.asked(), 2);
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_that_has_ended_is_not_served() {
        let (cache, source) = (cache(), Source::default());
        got(&cache, None, source.fetch()).await.unwrap();
        advance(LIFETIME).await;
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_refresh_ahead_leaves_the_old_value_and_is_tried_again_later() {
        let (cache, source) = (cache(), Source::default());
        got(&cache, None, source.fetch()).await.unwrap();
        advance(LIFETIME - AHEAD).await;
        source.fails.store(1, SeqCst);
        got(&cache, None, source.fetch()).await.unwrap();
        sleep(WHILE * 2).await;
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        assert_eq!(source.asked(), 2, "not at once");
        sleep(FIRST_PAUSE).await;
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        sleep(WHILE * 2).await;
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failing_source_is_asked_less_and_less_often() {
        let (cache, source) = (cache(), Source::default());
        source.fails.store(usize::MAX, SeqCst);
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(60) {
            assert!(got(&cache, None, source.fetch()).await.is_err());
            sleep(Duration::from_millis(10)).await;
        }
        // after 0, 1, 3, 7, 15 s, then each 10 s
        assert!((8..=10).contains(&source.asked()), "{}", source.asked());
        source.fails.store(0, SeqCst);
        sleep(LONGEST_PAUSE).await;
        assert!(got(&cache, None, source.fetch()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_does_not_end_the_refresh_for_the_others() {
        let (cache, source) = (cache(), Source::default());
        let impatient = tokio::time::timeout(WHILE / 2, got(&cache, None, source.fetch())).await;
        assert!(impatient.is_err());
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        assert_eq!(source.asked(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn trap_20_reports_of_one_failing_value_cause_one_refresh() {
        let (cache, source) = (cache(), Source::default());
        got(&cache, None, source.fetch()).await.unwrap();
        let (one, other) =
            tokio::join!(got(&cache, Some(0), source.fetch()), got(&cache, Some(0), source.fetch()));
        assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
        // a late report of the value that was replaced meanwhile
        assert_eq!(got(&cache, Some(0), source.fetch()).await.unwrap(), 1);
        assert_eq!(source.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn trap_20_a_late_answer_of_an_older_refresh_never_replaces_a_newer_value() {
        let cache = Arc::new(cache());
        let fetch = |value: usize, after: u64| {
            move |_| async move {
                sleep(Duration::from_millis(after)).await;
                Ok(Fresh { value: secret(value), lifetime: LIFETIME })
            }
        };
        got(&cache, None, fetch(0, 0)).await.unwrap();
        advance(LIFETIME - AHEAD).await;
        // the slow refresh ahead of time will still bring the value that fails meanwhile
        assert_eq!(got(&cache, None, fetch(0, 500)).await.unwrap(), 0);
        let reported = got(&cache, Some(0), fetch(1, 10)).await.unwrap();
        assert_eq!(reported, 1);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(got(&cache, None, fetch(2, 0)).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refresh_that_was_ended_is_an_error_and_the_next_caller_begins_anew() {
        let cache = cache();
        let ended = got(&cache, None, |_| async { panic!("the refresh ends without an answer") }).await;
        assert!(ended.is_err_and(|error| error.is_retryable()));
        let value = got(&cache, None, |_| async { Ok(Fresh { value: secret(7), lifetime: LIFETIME }) }).await;
        assert_eq!(value.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn trap_20_processes_share_one_token_and_one_refresh() {
        let (store, source) = (Arc::new(MemoryTokenStore::new()), Source::default());
        let processes = [(); 3].map(|()| cache_on(Arc::clone(&store)));
        let [one, two, three] = &processes;
        let (a, b, c) = tokio::join!(
            got(one, None, source.fetch()),
            got(two, None, source.fetch()),
            got(three, None, source.fetch())
        );
        assert_eq!((a.unwrap(), b.unwrap(), c.unwrap(), source.asked()), (0, 0, 0, 1));
        // each reports the same failing token: one refresh for all
        let (a, b, c) = tokio::join!(
            got(one, Some(0), source.fetch()),
            got(two, Some(0), source.fetch()),
            got(three, Some(0), source.fetch())
        );
        assert_eq!((a.unwrap(), b.unwrap(), c.unwrap(), source.asked()), (1, 1, 1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_newer_token_of_another_process_is_noticed() {
        let (store, source) = (Arc::new(MemoryTokenStore::new()), Source::default());
        let (one, two) = (cache_on(Arc::clone(&store)), cache_on(Arc::clone(&store)));
        got(&one, None, source.fetch()).await.unwrap();
        got(&two, None, source.fetch()).await.unwrap();
        assert_eq!(got(&one, Some(0), source.fetch()).await.unwrap(), 1);
        assert_eq!(got(&two, None, source.fetch()).await.unwrap(), 0, "it does not know yet");
        sleep(RECHECK).await;
        got(&two, None, source.fetch()).await.unwrap();
        sleep(WHILE).await;
        assert_eq!(got(&two, None, source.fetch()).await.unwrap(), 1);
        assert_eq!(source.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn trap_20_a_process_that_comes_back_late_takes_the_newer_token() {
        let store = Arc::new(MemoryTokenStore::new());
        let (slow, quick) = (cache_on(Arc::clone(&store)), cache_on(Arc::clone(&store)));
        let fetch = |value: usize, after: Duration| {
            move |_| async move {
                sleep(after).await;
                Ok(Fresh { value: secret(value), lifetime: LIFETIME })
            }
        };
        let late = tokio::spawn(async move { got(&slow, None, fetch(0, LEASE * 2)).await });
        sleep(LEASE + Duration::from_secs(1)).await;
        assert_eq!(got(&quick, None, fetch(1, WHILE)).await.unwrap(), 1);
        assert_eq!(late.await.unwrap().unwrap(), 1, "its own answer is older");
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_token_that_wechat_gives_out_again_is_not_asked_for_at_once() {
        let cache = cache();
        let asked = Arc::new(AtomicUsize::new(0));
        let fetch = |_| {
            let asked = Arc::clone(&asked);
            async move {
                asked.fetch_add(1, SeqCst);
                Ok(Fresh { value: secret(0), lifetime: LIFETIME })
            }
        };
        for _ in 0..5 {
            assert_eq!(got(&cache, Some(0), fetch).await.unwrap(), 0);
        }
        assert_eq!(asked.load(SeqCst), 1);
        advance(CONFIRMED).await;
        got(&cache, Some(0), fetch).await.unwrap();
        assert_eq!(asked.load(SeqCst), 2);
    }
}
