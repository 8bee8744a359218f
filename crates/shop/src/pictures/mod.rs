//! Reads, writes, moves and deletes the bytes of pictures: in the rows of the database, in a folder, or in a bucket
//! (`crates/picture-store`).
//!
//! The shop writes a picture to its place before it commits the row. So a crash leaves at most a picture without a row.
//! Each row says where its picture is, so pictures can be in different places.

mod move_pictures;
mod unused;

use std::sync::Arc;

use futures::future::try_join_all;
use model::{OrderId, record::PictureRecord};
use picture_store::{PictureKey, PictureStore, PictureStoreError};
use store::Store;

pub use self::move_pictures::MovedPictures;
use crate::{Clock, ShopError, shop::Parts};

/// How long a picture without a row is kept, ms: its row may still be committed.
const UNUSED_MS: i64 = 10 * 60 * 1000;

/// The configured places of pictures.
#[derive(Clone, Debug, Default)]
pub struct PicturePlaces {
    /// `SHOP_PICTURES`: the place of new pictures; `None` for the database.
    pub place: Option<PictureStore>,
    /// `SHOP_PICTURES_FROM`: the old place, where pictures may still be.
    pub from: Option<PictureStore>,
}

/// A picture to send to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The media type.
    pub media_type: String,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}

/// The handle of pictures: writes and reads their bytes, and moves them to another place.
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

    /// Writes a product's picture to its place. Returns the row, which the caller must commit.
    ///
    /// # Errors
    /// [`ShopError::PictureNotSaved`].
    pub(crate) async fn write_product_picture(
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

    /// Writes pictures of an after-sale to their place. Returns the rows, which the caller must commit.
    ///
    /// # Errors
    /// [`ShopError::PictureNotSaved`], or a failing database.
    pub(crate) async fn write_after_sale_pictures(
        &self,
        order: &OrderId,
        pictures: Vec<Picture>,
    ) -> Result<Vec<PictureRecord>, ShopError> {
        if let Some(place) = self.places.place.as_ref().filter(|_| !pictures.is_empty()) {
            // after a crash before the commit, the job deletes the private pictures
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
        // `server pictures move` may have moved the picture after the row was read
        let row = self.store.picture(id).await?.ok_or(ShopError::NotFound)?;
        self.read(row).await?.ok_or(ShopError::NotFound)
    }

    /// The picture of a row; `None` if no place has it.
    ///
    /// # Errors
    /// [`ShopError::PictureNotRead`] if a place fails and no other place has the picture.
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

    /// The places outside the database. The place of new pictures comes first.
    fn places(&self) -> impl Iterator<Item = &PictureStore> {
        self.places.place.iter().chain(&self.places.from)
    }
}

/// A row that contains the bytes of its picture.
fn in_row(Picture { media_type, bytes }: Picture) -> PictureRecord {
    PictureRecord { media_type, bytes, object: String::new() }
}
