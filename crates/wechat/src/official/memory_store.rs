use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{Lease, StoreFuture, StoredToken, TokenName, TokenStore};
use crate::Secret;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Keeps tokens in the memory of this process. Other processes do not see them, and they are lost when the process
/// ends.
///
/// ```
/// use std::time::Duration;
/// use wechat::{Secret, official::{MemoryTokenStore, TokenKind, TokenName, TokenStore}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), wechat::official::StoreError> {
/// let (store, life) = (MemoryTokenStore::new(), Duration::from_secs(7200));
/// let name = TokenName { appid: "wx1".into(), kind: TokenKind::AccessToken };
/// let lease = store.lease(&name, Duration::from_secs(10)).await?.expect("no other process has the lease");
/// assert!(store.publish(&name, 0, &Secret::new("a token"), life).await?);
/// store.release(&name, lease).await?;
/// // a late response of an older refresh
/// assert!(!store.publish(&name, 0, &Secret::new("another"), life).await?);
/// assert_eq!(store.load(&name).await?.map(|stored| stored.version), Some(1));
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct MemoryTokenStore(Mutex<HashMap<TokenName, Slot>>);

#[derive(Default)]
struct Slot {
    token: Option<StoredEntry>,
    version: i64,
    lease: Option<(Lease, Instant)>,
    leases: i64,
    /// The times of forced refreshes in the last 24 hours.
    forced: VecDeque<Instant>,
}

struct StoredEntry {
    token: Secret,
    expires_at: Instant,
    lifetime: Duration,
}

impl MemoryTokenStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No code panics while it holds the lock, so the map is complete even if the lock is poisoned.
    fn slots(&self) -> MutexGuard<'_, HashMap<TokenName, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryTokenStore {
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>> {
        let now = Instant::now();
        let stored = self.slots().get(name).and_then(|slot| {
            let entry = slot.token.as_ref().filter(|entry| now < entry.expires_at)?;
            Some(StoredToken {
                token: entry.token.clone(),
                version: slot.version,
                expires_in: entry.expires_at - now,
                lifetime: entry.lifetime,
            })
        });
        Box::pin(ready(Ok(stored)))
    }

    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64> {
        let version = self.slots().get(name).map_or(0, |slot| slot.version);
        Box::pin(ready(Ok(version)))
    }

    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>> {
        let now = Instant::now();
        let mut slots = self.slots();
        let slot = slots.entry(name.clone()).or_default();
        let lease = if slot.lease.is_some_and(|(_, until)| now < until) {
            None
        } else {
            slot.leases += 1;
            let lease = Lease(slot.leases);
            slot.lease = Some((lease, now + length));
            Some(lease)
        };
        Box::pin(ready(Ok(lease)))
    }

    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()> {
        if let Some(slot) = self.slots().get_mut(name)
            && slot.lease.is_some_and(|(held, _)| held == lease)
        {
            slot.lease = None;
        }
        Box::pin(ready(Ok(())))
    }

    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        let mut slots = self.slots();
        let slot = slots.entry(name.clone()).or_default();
        let fits = slot.version == replaces;
        if fits {
            slot.version += 1;
            slot.token =
                Some(StoredEntry { token: token.clone(), expires_at: Instant::now() + lifetime, lifetime });
        }
        Box::pin(ready(Ok(fits)))
    }

    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool> {
        let now = Instant::now();
        let mut slots = self.slots();
        let forced = &mut slots.entry(name.clone()).or_default().forced;
        while forced.front().is_some_and(|at| now.duration_since(*at) >= DAY) {
            forced.pop_front();
        }
        let spaced = forced.back().is_none_or(|at| now.duration_since(*at) >= spacing);
        let may = spaced && u32::try_from(forced.len()).is_ok_and(|count| count < per_day);
        if may {
            forced.push_back(now);
        }
        Box::pin(ready(Ok(may)))
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.slots().keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::official::TokenKind;

    fn name() -> TokenName {
        TokenName { appid: "wx1".into(), kind: TokenKind::AccessToken }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn trap_20_a_late_publish_does_not_replace_a_newer_token() {
        let (store, name) = (MemoryTokenStore::new(), name());
        assert!(store.publish(&name, 0, &Secret::new("one"), 9 * SECOND).await.unwrap());
        assert!(store.publish(&name, 1, &Secret::new("two"), 9 * SECOND).await.unwrap());
        assert!(!store.publish(&name, 1, &Secret::new("late"), 9 * SECOND).await.unwrap());
        let stored = store.load(&name).await.unwrap().unwrap();
        assert_eq!((stored.token.expose(), stored.version), ("two", 2));
        // an expired token keeps its version
        advance(9 * SECOND).await;
        assert_eq!(store.load(&name).await.unwrap(), None);
        assert!(!store.publish(&name, 0, &Secret::new("late"), 9 * SECOND).await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_has_one_holder_and_expires() {
        let (store, name) = (MemoryTokenStore::new(), name());
        let first = store.lease(&name, 5 * SECOND).await.unwrap().unwrap();
        assert_eq!(store.lease(&name, 5 * SECOND).await.unwrap(), None);
        advance(5 * SECOND).await;
        let second = store.lease(&name, 5 * SECOND).await.unwrap().unwrap();
        store.release(&name, first).await.unwrap();
        assert_eq!(
            store.lease(&name, 5 * SECOND).await.unwrap(),
            None,
            "the first holder's lease has expired"
        );
        store.release(&name, second).await.unwrap();
        assert!(store.lease(&name, 5 * SECOND).await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn forced_refreshes_have_a_limit_and_an_interval() {
        let (store, name) = (MemoryTokenStore::new(), name());
        let force = || store.count_forced(&name, 30 * SECOND, 20);
        assert!(force().await.unwrap() && !force().await.unwrap());
        for _ in 1..20 {
            advance(29 * SECOND).await;
            assert!(!force().await.unwrap());
            advance(SECOND).await;
            assert!(force().await.unwrap());
        }
        advance(60 * SECOND).await;
        assert!(!force().await.unwrap(), "the limit is twenty a day");
        advance(DAY).await;
        assert!(force().await.unwrap());
    }

    #[tokio::test]
    async fn no_token_is_printed() {
        let store = MemoryTokenStore::new();
        store.publish(&name(), 0, &Secret::new("hush"), SECOND).await.unwrap();
        assert!(!format!("{store:?} {:?}", store.load(&name()).await).contains("hush"));
    }
}
