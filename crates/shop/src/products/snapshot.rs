//! The catalogue in this server's memory. A change raises the version in the database. A server that sees a newer version
//! reads the catalogue again. Restart the servers after a backup is restored: its version may be older.

use std::sync::{Arc, PoisonError, RwLock};

use store::{Store, StoreError};

use super::Catalogue;
use crate::Products;

/// The catalogue, and its version.
#[derive(Debug)]
pub(crate) struct Snapshot(RwLock<(i64, Arc<Catalogue>)>);

impl Snapshot {
    /// Reads the version before the catalogue. If the catalogue changes in between, the next refresh sees a newer version.
    pub(crate) async fn load(store: &Store, initial: &Catalogue) -> Result<Self, StoreError> {
        let version = store.catalogue_version().await?;
        let catalogue = Catalogue::open(store, initial).await?;
        Ok(Self(RwLock::new((version, Arc::new(catalogue)))))
    }

    pub(crate) fn current(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn version(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    fn replace(&self, version: i64, catalogue: Catalogue) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if version > current.0 {
            *current = (version, Arc::new(catalogue));
        }
    }
}

impl Products {
    /// Reads the catalogue again if the database has a newer version. One small query if not.
    ///
    /// # Errors
    /// A failing database: then the old snapshot stays.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let version = self.store.catalogue_version().await?;
        if version > self.catalogue.version() {
            let catalogue = Catalogue::read(&self.store).await?;
            self.catalogue.replace(version, catalogue);
        }
        Ok(())
    }
}
