use std::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
};

use tokio::time::{advance, sleep};

use super::{
    refresh::LEASE_TIME,
    state::{CONFIRMED_FOR, FIRST_RETRY_DELAY, MAX_RETRY_DELAY, RECHECK_INTERVAL},
    *,
};
use crate::official::{MemoryTokenStore, TokenKind};

fn secret(number: usize) -> Secret {
    Secret::new(number.to_string())
}

fn cache() -> TokenCache {
    cache_on(Arc::new(MemoryTokenStore::new()))
}

/// A cache of another process with the same store.
fn cache_on(store: Arc<MemoryTokenStore>) -> TokenCache {
    TokenCache::new(TokenName { appid: "wx1".into(), kind: TokenKind::AccessToken }, store)
}

/// Returns the number of the token that the cache returns.
async fn got<F, R>(cache: &TokenCache, rejected: Option<usize>, fetch: F) -> Result<usize, Error>
where
    F: Fn(Option<Secret>) -> R,
    R: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
{
    let held = cache.get(rejected.map(secret).as_ref(), fetch).await?;
    Ok(held.value.expose().parse().unwrap())
}

const LIFETIME: Duration = Duration::from_secs(7200);

/// Gives out 0, 1, 2, …, each after a delay.
#[derive(Clone, Default)]
struct Source {
    fetches: Arc<AtomicUsize>,
    fails: Arc<AtomicUsize>,
}

type Giving = Pin<Box<dyn Future<Output = Result<FetchedToken, Error>> + Send>>;

const WHILE: Duration = Duration::from_millis(100);

impl Source {
    async fn give(self) -> Result<FetchedToken, Error> {
        let number = self.fetches.fetch_add(1, SeqCst);
        sleep(WHILE).await;
        if self.fails.load(SeqCst) > 0 {
            self.fails.fetch_sub(1, SeqCst);
            return Err(Error::status("test", 502));
        }
        Ok(FetchedToken { value: secret(number), lifetime: LIFETIME })
    }

    fn fetch(&self) -> impl Fn(Option<Secret>) -> Giving + use<'_> {
        |_| Box::pin(self.clone().give())
    }

    fn fetches(&self) -> usize {
        self.fetches.load(SeqCst)
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_served_from_memory_until_it_expires() {
    let (cache, source) = (cache(), Source::default());
    for _ in 0..3 {
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
    }
    advance(LIFETIME - REFRESH_AHEAD - Duration::from_secs(1)).await;
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
    assert_eq!(source.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn trap_21_a_token_is_refreshed_early_and_the_old_one_is_served_meanwhile() {
    let (cache, source) = (cache(), Source::default());
    got(&cache, None, source.fetch()).await.unwrap();
    advance(LIFETIME - REFRESH_AHEAD).await;
    for _ in 0..5 {
        let asked_at = Instant::now();
        assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
        assert_eq!(asked_at.elapsed(), Duration::ZERO, "callers do not wait for an early refresh");
    }
    sleep(WHILE * 2).await;
    assert_eq!(source.fetches(), 2);
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_served() {
    let (cache, source) = (cache(), Source::default());
    got(&cache, None, source.fetch()).await.unwrap();
    advance(LIFETIME).await;
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_early_refresh_keeps_the_old_token_and_is_retried_later() {
    let (cache, source) = (cache(), Source::default());
    got(&cache, None, source.fetch()).await.unwrap();
    advance(LIFETIME - REFRESH_AHEAD).await;
    source.fails.store(1, SeqCst);
    got(&cache, None, source.fetch()).await.unwrap();
    sleep(WHILE * 2).await;
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
    assert_eq!(source.fetches(), 2, "no retry at once");
    sleep(FIRST_RETRY_DELAY).await;
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
    sleep(WHILE * 2).await;
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_delay_between_failing_refreshes_grows() {
    let (cache, source) = (cache(), Source::default());
    source.fails.store(usize::MAX, SeqCst);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(60) {
        assert!(got(&cache, None, source.fetch()).await.is_err());
        sleep(Duration::from_millis(10)).await;
    }
    // after 0, 1, 3, 7, 15 s, then every 10 s
    assert!((8..=10).contains(&source.fetches()), "{}", source.fetches());
    source.fails.store(0, SeqCst);
    sleep(MAX_RETRY_DELAY).await;
    assert!(got(&cache, None, source.fetch()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_stops_waiting_does_not_cancel_the_refresh() {
    let (cache, source) = (cache(), Source::default());
    let cancelled = tokio::time::timeout(WHILE / 2, got(&cache, None, source.fetch())).await;
    assert!(cancelled.is_err());
    assert_eq!(got(&cache, None, source.fetch()).await.unwrap(), 0);
    assert_eq!(source.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn trap_20_reports_of_one_rejected_token_cause_one_refresh() {
    let (cache, source) = (cache(), Source::default());
    got(&cache, None, source.fetch()).await.unwrap();
    let (one, other) =
        tokio::join!(got(&cache, Some(0), source.fetch()), got(&cache, Some(0), source.fetch()));
    assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
    // a late report of a token that was replaced meanwhile
    assert_eq!(got(&cache, Some(0), source.fetch()).await.unwrap(), 1);
    assert_eq!(source.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn trap_20_a_late_response_never_replaces_a_newer_token() {
    let cache = Arc::new(cache());
    let fetch = |value: usize, after: u64| {
        move |_| async move {
            sleep(Duration::from_millis(after)).await;
            Ok(FetchedToken { value: secret(value), lifetime: LIFETIME })
        }
    };
    got(&cache, None, fetch(0, 0)).await.unwrap();
    advance(LIFETIME - REFRESH_AHEAD).await;
    // the slow early refresh returns the token that is rejected meanwhile
    assert_eq!(got(&cache, None, fetch(0, 500)).await.unwrap(), 0);
    let reported = got(&cache, Some(0), fetch(1, 10)).await.unwrap();
    assert_eq!(reported, 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(got(&cache, None, fetch(2, 0)).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_refresh_is_an_error_and_the_next_caller_starts_a_new_one() {
    let cache = cache();
    let ended = got(&cache, None, |_| async { panic!("the refresh ends without a response") }).await;
    assert!(ended.is_err_and(|error| error.is_retryable()));
    let value =
        got(&cache, None, |_| async { Ok(FetchedToken { value: secret(7), lifetime: LIFETIME }) }).await;
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
    assert_eq!((a.unwrap(), b.unwrap(), c.unwrap(), source.fetches()), (0, 0, 0, 1));
    // each process reports the same rejected token: one refresh for all
    let (a, b, c) = tokio::join!(
        got(one, Some(0), source.fetch()),
        got(two, Some(0), source.fetch()),
        got(three, Some(0), source.fetch())
    );
    assert_eq!((a.unwrap(), b.unwrap(), c.unwrap(), source.fetches()), (1, 1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_newer_token_of_another_process_is_found() {
    let (store, source) = (Arc::new(MemoryTokenStore::new()), Source::default());
    let (one, two) = (cache_on(Arc::clone(&store)), cache_on(Arc::clone(&store)));
    got(&one, None, source.fetch()).await.unwrap();
    got(&two, None, source.fetch()).await.unwrap();
    assert_eq!(got(&one, Some(0), source.fetch()).await.unwrap(), 1);
    assert_eq!(got(&two, None, source.fetch()).await.unwrap(), 0, "it has not looked yet");
    sleep(RECHECK_INTERVAL).await;
    got(&two, None, source.fetch()).await.unwrap();
    sleep(WHILE).await;
    assert_eq!(got(&two, None, source.fetch()).await.unwrap(), 1);
    assert_eq!(source.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn trap_20_a_process_with_a_late_response_takes_the_newer_token() {
    let store = Arc::new(MemoryTokenStore::new());
    let (slow, quick) = (cache_on(Arc::clone(&store)), cache_on(Arc::clone(&store)));
    let fetch = |value: usize, after: Duration| {
        move |_| async move {
            sleep(after).await;
            Ok(FetchedToken { value: secret(value), lifetime: LIFETIME })
        }
    };
    let late = tokio::spawn(async move { got(&slow, None, fetch(0, LEASE_TIME * 2)).await });
    sleep(LEASE_TIME + Duration::from_secs(1)).await;
    assert_eq!(got(&quick, None, fetch(1, WHILE)).await.unwrap(), 1);
    assert_eq!(late.await.unwrap().unwrap(), 1, "its own response is older");
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_that_wechat_returns_again_is_not_fetched_at_once() {
    let cache = cache();
    let fetches = Arc::new(AtomicUsize::new(0));
    let fetch = |_| {
        let fetches = Arc::clone(&fetches);
        async move {
            fetches.fetch_add(1, SeqCst);
            Ok(FetchedToken { value: secret(0), lifetime: LIFETIME })
        }
    };
    for _ in 0..5 {
        assert_eq!(got(&cache, Some(0), fetch).await.unwrap(), 0);
    }
    assert_eq!(fetches.load(SeqCst), 1);
    advance(CONFIRMED_FOR).await;
    got(&cache, Some(0), fetch).await.unwrap();
    assert_eq!(fetches.load(SeqCst), 2);
}
