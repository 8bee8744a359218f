//! The catalogue as this server has it in memory. A change raises the database's version; whoever sees another version
//! than their own reads the catalogue anew.

use std::sync::{Arc, PoisonError, RwLock};

use sqlx::Row;

use super::Catalogue;
use crate::{Shop, Store, StoreError};

/// The catalogue, and of which version it is.
#[derive(Debug)]
pub(crate) struct Snapshot(RwLock<(i64, Arc<Catalogue>)>);

impl Snapshot {
    /// The version is read first: a change in between is seen as another version later.
    pub(crate) async fn load(store: &Store, initial: &Catalogue) -> Result<Self, StoreError> {
        let version = store.catalogue_version().await?;
        let catalogue = Catalogue::load(store, initial).await?;
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

impl Shop {
    /// Looks whether somebody, on whichever server, has changed the catalogue, and reads it anew if so. Cheap.
    ///
    /// # Errors
    /// A failing database: what is known stays.
    pub async fn refresh_catalogue(&self) -> Result<(), StoreError> {
        let version = self.store().catalogue_version().await?;
        if version > self.snapshot().version() {
            let catalogue = Catalogue::read(self.store()).await?;
            self.snapshot().replace(version, catalogue);
        }
        Ok(())
    }
}

impl Store {
    async fn catalogue_version(&self) -> Result<i64, StoreError> {
        let rows = self.select("SELECT version FROM catalogue_version WHERE id = 1".to_owned(), &[]).await?;
        let version = rows.first().map_or(Ok(0), |row| row.try_get(0));
        version.map_err(StoreError::during("reading the catalogue's version"))
    }
}
