//! Where the bytes of pictures are: in their rows of the database, in a folder, or in a bucket.
//!
//! A picture is written to its place before its row is committed. So a crash leaves at most a picture that no row names. A row says
//! where its picture is, so pictures of both kinds can stand beside each other.

mod move_pictures;
mod unused;

use std::sync::Arc;

use futures::future::try_join_all;
use model::{OrderId, record::PictureRecord};
use picture_store::{PictureKey, PictureStore, PictureStoreError};
use store::Store;

pub use self::move_pictures::MovedPictures;
use crate::{Clock, ShopError, shop::Parts};

/// How long a picture that no row names is kept: its row may still be committed, ms.
const UNUSED_MS: i64 = 10 * 60 * 1000;

/// The places of pictures outside the database.
#[derive(Clone, Debug, Default)]
pub struct PicturePlaces {
    /// `SHOP_PICTURES`: where new pictures are written; `None` is the database.
    pub place: Option<PictureStore>,
    /// `SHOP_PICTURES_FROM`: where older pictures may still be.
    pub from: Option<PictureStore>,
}

/// A picture, as it is sent to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The media type.
    pub media_type: String,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}

/// Writes and reads the bytes of pictures, and moves them to another place.
#[derive(Clone)]
pub struct Pictures {
    store: Store,
    places: PicturePlaces,
    clock: Arc<dyn Clock>,
}

impl Pictures {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self { store: parts.store.clone(), places: parts.pictures.clone(), clock: Arc::clone(&parts.clock) }
    }

    /// Writes a product's picture to its place. The row is for the transaction that follows.
    ///
    /// # Errors
    /// [`ShopError::PictureNotSaved`].
    pub(crate) async fn keep_of_product(
        &self,
        id: &str,
        media_type: &str,
        bytes: Vec<u8>,
    ) -> Result<PictureRecord, ShopError> {
        let row = in_row(Picture { media_type: media_type.to_owned(), bytes });
        match &self.places.place {
            None => Ok(row),
            Some(place) => self.write(place, &PictureKey::of_product(id), row).await,
        }
    }

    /// Writes the pictures of a shopper about an after-sale to their place. The rows are for the transaction that follows.
    ///
    /// # Errors
    /// [`ShopError::PictureNotSaved`], or a failing database.
    pub(crate) async fn keep_of_after_sale(
        &self,
        order: &OrderId,
        pictures: Vec<Picture>,
    ) -> Result<Vec<PictureRecord>, ShopError> {
        if let Some(place) = self.places.place.as_ref().filter(|_| !pictures.is_empty()) {
            // a crash before the commit must not leave a private picture for ever
            self.plan_unused(order).await?;
            let written = pictures.into_iter().map(|picture| async {
                let key = PictureKey::of_after_sale(order.as_str(), &picture.bytes);
                self.write(place, &key, in_row(picture)).await
            });
            return try_join_all(written).await;
        }
        Ok(pictures.into_iter().map(in_row).collect())
    }

    async fn write(
        &self,
        place: &PictureStore,
        key: &PictureKey,
        row: PictureRecord,
    ) -> Result<PictureRecord, ShopError> {
        place.put(key, row.bytes).await.map_err(ShopError::PictureNotSaved)?;
        Ok(PictureRecord { bytes: Vec::new(), object: key.as_str().to_owned(), ..row })
    }

    /// A product's picture.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::PictureNotRead`], or a failing database.
    pub(crate) async fn of_product(&self, id: &str) -> Result<Picture, ShopError> {
        let row = self.store.picture(id).await?.ok_or(ShopError::NotFound)?;
        if let Some(picture) = self.read(row).await? {
            return Ok(picture);
        }
        // `server pictures move` may have moved it since the row was read
        let row = self.store.picture(id).await?.ok_or(ShopError::NotFound)?;
        self.read(row).await?.ok_or(ShopError::NotFound)
    }

    /// The picture of a row; `None` if it is in no place.
    ///
    /// # Errors
    /// [`ShopError::PictureNotRead`] if a place does not answer, and no other has it.
    pub(crate) async fn read(&self, row: PictureRecord) -> Result<Option<Picture>, ShopError> {
        if !row.bytes.is_empty() {
            return Ok(Some(Picture { media_type: row.media_type, bytes: row.bytes }));
        }
        let mut failed: Option<PictureStoreError> = None;
        if let Some(key) = PictureKey::parse(&row.object) {
            for place in self.places() {
                match place.get(&key).await {
                    Ok(Some(bytes)) => return Ok(Some(Picture { media_type: row.media_type, bytes })),
                    Ok(None) => {}
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        }
        match failed {
            Some(error) => Err(ShopError::PictureNotRead(error)),
            None => {
                tracing::error!(
                    key = row.object,
                    "a picture is neither in SHOP_PICTURES nor in SHOP_PICTURES_FROM: set SHOP_PICTURES_FROM to where it was, or \
                     restore the backup of that place"
                );
                Ok(None)
            }
        }
    }

    /// The places outside the database, first the one of new pictures.
    fn places(&self) -> impl Iterator<Item = &PictureStore> {
        self.places.place.iter().chain(&self.places.from)
    }
}

/// The row of a picture that is in the database.
fn in_row(Picture { media_type, bytes }: Picture) -> PictureRecord {
    PictureRecord { media_type, bytes, object: String::new() }
}
