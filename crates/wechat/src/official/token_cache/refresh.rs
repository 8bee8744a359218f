//! A refresh through the store: only one process at a time asks WeChat.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{runtime::Handle, time::Instant};

use super::{
    super::{Lease, StoreError, StoredToken, TokenName, TokenStore},
    CachedToken, FetchedToken,
};
use crate::{Error, Secret};

/// How long one process may take before another one tries. It is longer than the timeouts of all calls of a refresh.
pub(super) const LEASE_TIME: Duration = Duration::from_secs(60);

/// How often this process reads the store while another one refreshes, and for how long at most.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
const MAX_POLL_TIME: Duration = Duration::from_secs(20);

/// The store, and the name of the token in it.
pub(super) struct SharedStore {
    pub(super) name: TokenName,
    pub(super) store: Arc<dyn TokenStore>,
}

impl SharedStore {
    /// Returns the token of the store if it is usable. Otherwise takes the lease and fetches one from WeChat.
    pub(super) async fn refresh<R>(
        self: &Arc<Self>,
        rejected: Option<&Secret>,
        fetching: R,
    ) -> Result<CachedToken, Error>
    where
        R: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
    {
        let endpoint = self.name.kind.as_str();
        let failed = |error: StoreError| Error::store(endpoint, error);
        let give_up_at = Instant::now() + MAX_POLL_TIME;
        let lease = loop {
            let stored = self.store.load(&self.name).await.map_err(failed)?;
            if let Some(token) = usable(stored.as_ref(), rejected) {
                return Ok(token);
            }
            if let Some(lease) = self.store.lease(&self.name, LEASE_TIME).await.map_err(failed)? {
                break HeldLease { store: Arc::clone(self), lease: Some(lease) };
            }
            if Instant::now() >= give_up_at {
                return Err(Error::abandoned(endpoint));
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        };
        let outcome = self.fetch(rejected, fetching).await;
        lease.release().await;
        outcome
    }

    async fn fetch<R>(&self, rejected: Option<&Secret>, fetching: R) -> Result<CachedToken, Error>
    where
        R: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
    {
        let failed = |error: StoreError| Error::store(self.name.kind.as_str(), error);
        // read the version first: then `publish` does not replace a token that is newer than this
        let version = self.store.version(&self.name).await.map_err(failed)?;
        // the last holder may have published a token between our last load and our lease
        let stored = self.store.load(&self.name).await.map_err(failed)?;
        if let Some(token) = usable(stored.as_ref(), rejected) {
            return Ok(token);
        }
        let asked_at = Instant::now();
        let fetched = fetching.await?;
        let left = fetched.lifetime.saturating_sub(asked_at.elapsed());
        let token = CachedToken::new(fetched.value, asked_at + fetched.lifetime, fetched.lifetime);
        match self.store.publish(&self.name, version, &token.value, left).await {
            Ok(true) => Ok(token),
            // our response is late, and another process has published a newer token
            Ok(false) => match self.store.load(&self.name).await.map_err(failed)? {
                Some(stored) if Some(&stored.token) != rejected => Ok(CachedToken::stored(&stored)),
                _ => Ok(token),
            },
            Err(error) => {
                tracing::warn!(%error, "cannot write the new token to the token store");
                Ok(token)
            }
        }
    }

    async fn release(&self, lease: Lease) {
        if let Err(error) = self.store.release(&self.name, lease).await {
            tracing::warn!(%error, "cannot release the lease in the token store; it will expire");
        }
    }
}

/// Releases the lease when it is dropped: also if the task is cancelled.
struct HeldLease {
    store: Arc<SharedStore>,
    lease: Option<Lease>,
}

impl HeldLease {
    async fn release(mut self) {
        if let Some(lease) = self.lease.take() {
            self.store.release(lease).await;
        }
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        if let (Some(lease), Ok(runtime)) = (self.lease.take(), Handle::try_current()) {
            let store = Arc::clone(&self.store);
            runtime.spawn(async move { store.release(lease).await });
        }
    }
}

/// The stored token, unless it was rejected or must be refreshed.
fn usable(stored: Option<&StoredToken>, rejected: Option<&Secret>) -> Option<CachedToken> {
    let stored = stored.filter(|stored| Some(&stored.token) != rejected)?;
    let token = CachedToken::stored(stored);
    (Instant::now() < token.refresh_at).then_some(token)
}
