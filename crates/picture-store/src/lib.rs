//! Keeps pictures outside the database: in a folder, or in a bucket of S3-compatible storage (`object_store`).
//! `crates/shop/src/pictures` uses it.
//!
//! The database has a row for each picture; [`PictureStore`] has its bytes. The shop writes a picture here before it
//! commits the row. So a crash leaves at most a picture without a row. A key contains the hash of the bytes, so a
//! repeated write changes nothing.

mod error;
mod key;
mod place;
mod s3;

use std::{path::Path, sync::Arc, time::Duration};

use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem};

use self::key::TRIAL;
pub use self::{
    error::{PictureStoreError, PictureStoreErrorKind},
    key::{PictureKey, hash},
    place::{Bucket, PicturePlace, SecretKey},
};

/// The time limit for reading, listing or deleting a picture, including retries.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// The time limit for writing a picture, including retries.
const WRITE_WITHIN: Duration = Duration::from_secs(20);

/// The maximum size of a picture that is read, bytes. The shop accepts only smaller uploads.
const MAX_BYTES: u64 = 16 << 20;

/// A folder or a bucket with pictures. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PictureStore {
    objects: Arc<dyn ObjectStore>,
    /// The prefix of each key in a bucket, without slashes at its ends; empty in a folder.
    prefix: String,
    /// The name of the place in log messages and errors.
    place: Arc<str>,
}

/// A listed picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPicture {
    /// The key.
    pub key: PictureKey,
    /// When it was written by the clock of the storage, ms since 1970.
    pub written_ms: i64,
}

impl PictureStore {
    /// Opens a place; returns `None` for [`PicturePlace::Database`]. Creates a missing folder if its parent exists.
    /// Does not connect to a bucket yet.
    ///
    /// # Errors
    /// [`PictureStoreError`] if the folder cannot be created, or the address of the bucket is not valid.
    pub fn open(place: &PicturePlace) -> Result<Option<Self>, PictureStoreError> {
        let name: Arc<str> = place.to_string().into();
        let failed = |error| PictureStoreError::of(error, &name, "opening it");
        let (objects, prefix): (Arc<dyn ObjectStore>, _) = match place {
            PicturePlace::Database => return Ok(None),
            PicturePlace::Folder(folder) => (Arc::new(open_folder(folder).map_err(failed)?), String::new()),
            PicturePlace::Bucket(bucket) => {
                (Arc::new(s3::open(bucket).map_err(failed)?), bucket.prefix.clone())
            }
        };
        Ok(Some(Self { objects, prefix, place: name }))
    }

    /// The name of the place in log messages and errors: `file:///…` or `s3://…`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Writes a picture, or replaces it with the same bytes. A folder has synced the picture to disk when this returns.
    ///
    /// # Errors
    /// [`PictureStoreError`] after 20 seconds at the latest. The picture may have been written.
    pub async fn put(&self, key: &PictureKey, bytes: Vec<u8>) -> Result<(), PictureStoreError> {
        let path = self.path(key.as_str());
        let written = async { self.objects.put(&path, PutPayload::from(bytes)).await.map(drop) };
        self.within(WRITE_WITHIN, "writing", written).await
    }

    /// Reads a picture; `None` if the key does not exist, or the bytes do not have its hash.
    ///
    /// # Errors
    /// [`PictureStoreError`] after 10 seconds at the latest.
    pub async fn get(&self, key: &PictureKey) -> Result<Option<Vec<u8>>, PictureStoreError> {
        let path = self.path(key.as_str());
        let read = async {
            match self.objects.get(&path).await {
                Ok(found) if found.meta.size <= MAX_BYTES => found.bytes().await.map(Some),
                Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let found = self.within(READ_WITHIN, "reading", read).await?;
        Ok(found.map(Vec::from).filter(|bytes| key.is_of(bytes)))
    }

    /// Deletes a picture. A missing picture is not an error.
    ///
    /// # Errors
    /// [`PictureStoreError`] after 10 seconds at the latest.
    pub async fn delete(&self, key: &PictureKey) -> Result<(), PictureStoreError> {
        let path = self.path(key.as_str());
        let deleted = async {
            match self.objects.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        };
        self.within(READ_WITHIN, "deleting", deleted).await
    }

    /// Lists the pictures in a folder of keys, such as [`PictureKey::folder_of_after_sales`].
    ///
    /// # Errors
    /// [`PictureStoreError`] after 10 seconds at the latest.
    pub async fn list(&self, folder: &str) -> Result<Vec<ListedPicture>, PictureStoreError> {
        let path = self.path(folder);
        let found: Vec<_> =
            self.within(READ_WITHIN, "listing", self.objects.list(Some(&path)).try_collect()).await?;
        let listed = found.iter().filter_map(|object| {
            let key = object.location.as_ref().strip_prefix(&self.prefix)?.trim_start_matches('/');
            let written_ms = object.last_modified.timestamp_millis();
            Some(ListedPicture { key: PictureKey::parse(key)?, written_ms })
        });
        Ok(listed.collect())
    }

    /// Tests the place for `server doctor`: writes, reads, lists and deletes a small object.
    ///
    /// # Errors
    /// [`PictureStoreError`] of the first step that failed.
    pub async fn trial(&self) -> Result<(), PictureStoreError> {
        let bytes = format!("a trial of the shop, process {}", std::process::id()).into_bytes();
        let key = PictureKey::of_trial(&bytes);
        self.put(&key, bytes).await?;
        let read = self.get(&key).await;
        let listed = self.list(TRIAL).await;
        // deletes the object even if an earlier step failed
        let deleted = self.delete(&key).await;
        if read?.is_none() || !listed?.iter().any(|picture| picture.key == key) {
            return Err(PictureStoreError::lost(&self.place));
        }
        deleted
    }

    fn path(&self, key: &str) -> object_store::path::Path {
        object_store::path::Path::from(format!("{}/{key}", self.prefix))
    }

    async fn within<T>(
        &self,
        limit: Duration,
        doing: &'static str,
        work: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, PictureStoreError> {
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done.map_err(|error| PictureStoreError::of(error, &self.place, doing)),
            Err(_) => Err(PictureStoreError::late(&self.place, doing)),
        }
    }
}

/// Opens a folder. Creates it only if its parent exists: otherwise a disk that is not mounted would become an empty
/// folder.
fn open_folder(folder: &Path) -> object_store::Result<LocalFileSystem> {
    if let Err(error) = std::fs::create_dir(folder)
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(object_store::Error::Generic { store: "folder", source: Box::new(error) });
    }
    Ok(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_lists_and_deletes_pictures() {
        let disk = tempfile::tempdir().unwrap();
        let folder = disk.path().join("pictures");
        let place = PicturePlace::Folder(folder.clone());
        let store = PictureStore::open(&place).unwrap().unwrap();
        store.trial().await.unwrap();
        let key = PictureKey::of_after_sale("2026112100000001", b"picture");
        assert_eq!(store.get(&key).await.unwrap(), None);
        for _ in 0..2 {
            store.put(&key, b"picture".to_vec()).await.unwrap();
        }
        assert_eq!(store.get(&key).await.unwrap().unwrap(), b"picture");
        // an order whose id begins with the same digits, and a file of another program
        store.put(&PictureKey::of_after_sale("20261121000000012", b"x"), b"x".to_vec()).await.unwrap();
        let own = PictureKey::folder_of_after_sales("2026112100000001");
        std::fs::write(folder.join(&own).join("notes.txt"), "mine").unwrap();
        let listed = store.list(&own).await.unwrap();
        assert_eq!(listed.iter().map(|picture| &picture.key).collect::<Vec<_>>(), [&key]);
        std::fs::write(folder.join(key.as_str()), b"other bytes").unwrap();
        assert_eq!(store.get(&key).await.unwrap(), None);
        for _ in 0..2 {
            store.delete(&key).await.unwrap();
        }
        assert!(store.list(&own).await.unwrap().is_empty());
        assert!(store.list("after-sales/none").await.unwrap().is_empty());
    }

    #[test]
    fn a_folder_is_created_only_in_one_that_exists() {
        let disk = tempfile::tempdir().unwrap();
        let open = |name: &str| PictureStore::open(&PicturePlace::Folder(disk.path().join(name)));
        assert!(open("pictures").is_ok() && open("pictures").is_ok());
        let error = open("not-mounted/pictures").unwrap_err();
        assert_eq!(error.kind(), PictureStoreErrorKind::NoFolder);
        assert!(error.to_string().contains("mount its disk"), "{error}");
        assert!(PictureStore::open(&PicturePlace::Database).unwrap().is_none());
    }
}
