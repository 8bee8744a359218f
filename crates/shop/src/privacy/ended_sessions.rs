//! The sessions that ended with the erasure of a shopper's data. A shopper's session is only a signed cookie, so the
//! shop stores which old sessions are no longer valid. Each server keeps a copy in memory.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use model::Shopper;
use sha2::{Digest, Sha256};
use store::{Store, StoreError};

use super::Privacy;

/// The hash of each openid, and the time before which its sessions have ended, seconds since 1970.
#[derive(Debug)]
pub(crate) struct EndedSessions(RwLock<HashMap<String, i64>>);

impl EndedSessions {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(RwLock::new(store.ended_sessions().await?.into_iter().collect())))
    }

    fn has_ended(&self, shopper: &Shopper, since_s: i64) -> bool {
        let ended = self.0.read().unwrap_or_else(PoisonError::into_inner);
        !ended.is_empty()
            && ended.get(&hash(&shopper.to_string())).is_some_and(|before_s| since_s < *before_s)
    }

    fn replace(&self, ended: HashMap<String, i64>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = ended;
    }
}

/// A hash, because the table must not reveal whose data was erased.
pub(super) fn hash(shopper: &str) -> String {
    hex::encode(Sha256::digest(shopper))
}

impl Privacy {
    /// Whether a session has ended with the erasure of the shopper's data. `since_s` is the beginning of the session,
    /// seconds since 1970. Other servers know an erasure after about a second.
    #[must_use]
    pub fn has_ended(&self, shopper: &Shopper, since_s: i64) -> bool {
        self.ended_sessions.has_ended(shopper, since_s)
    }

    /// Reads again which sessions have ended, because another server may have erased data.
    ///
    /// # Errors
    /// A failing database. The server then keeps its copy.
    pub async fn refresh_ended_sessions(&self) -> Result<(), StoreError> {
        self.ended_sessions.replace(self.store.ended_sessions().await?.into_iter().collect());
        Ok(())
    }
}
