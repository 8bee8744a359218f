//! The snapshot of the catalogue in this server's memory. Each change raises the version in the database, and a server
//! that sees a newer version reads the catalogue again. After you restore a backup, restart the servers, because its
//! version may be older.
//!
//! When a sale begins or ends, the next reader creates a new snapshot from the same rows. So the server renders shared
//! pages, which it made from the old snapshot, again.

use std::sync::{Arc, PoisonError, RwLock};

use store::{Store, StoreError};

use super::Catalogue;
use crate::{Clock, Products};

/// The current catalogue with its version.
pub(crate) struct Snapshot {
    kept: RwLock<(i64, Arc<Catalogue>)>,
    clock: Arc<dyn Clock>,
}

impl Snapshot {
    /// Loads the first snapshot. Reads the version before the catalogue: after a change in between, the next refresh
    /// sees a newer version.
    pub(crate) async fn load(
        store: &Store,
        initial: &Catalogue,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let version = store.catalogue_version().await?;
        let catalogue = Catalogue::open(store, initial, clock.now_ms()).await?;
        Ok(Self { kept: RwLock::new((version, Arc::new(catalogue))), clock })
    }

    pub(crate) fn current(&self) -> Arc<Catalogue> {
        let now_ms = self.clock.now_ms();
        let kept = Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner).1);
        if !kept.is_of_another_time(now_ms) {
            return kept;
        }
        let mut current = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // another reader may have replaced the snapshot meanwhile
        if let Some(next) = current.1.at(now_ms) {
            current.1 = Arc::new(next);
        }
        Arc::clone(&current.1)
    }

    fn version(&self) -> i64 {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).0
    }

    fn replace(&self, version: i64, catalogue: Catalogue) {
        let mut current = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if version > current.0 {
            *current = (version, Arc::new(catalogue));
        }
    }
}

impl Products {
    /// Reads the catalogue again if the database has a newer version. Otherwise it costs only one small query.
    ///
    /// # Errors
    /// A failing database. The old snapshot then stays.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let version = self.store.catalogue_version().await?;
        if version > self.catalogue.version() {
            let catalogue = Catalogue::read(&self.store, self.clock.now_ms()).await?;
            self.catalogue.replace(version, catalogue);
        }
        Ok(())
    }
}
