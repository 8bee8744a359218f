//! Moves all pictures to the place of new pictures, for `server pictures move`.

use futures::{StreamExt, TryStreamExt, stream};
use model::record::{PictureOwner, PictureRow};
use picture_store::{PictureKey, PictureStore, hash};
use store::PictureMove;

use super::Pictures;
use crate::ShopError;

/// The number of rows in a page.
const PAGE: usize = 100;

/// The number of pictures that are moved at the same time.
const AT_ONCE: usize = 8;

/// The progress of a move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedPictures {
    /// The number of moved pictures.
    pub moved: u64,
    /// The number of pictures that were in the new place before. The move has read each of them, except pictures in the
    /// database.
    pub already_moved: u64,
    /// The keys of pictures that no place has.
    pub missing: Vec<String>,
}

/// The result for one picture.
enum Step {
    Moved,
    AlreadyMoved,
    Missing(String),
    /// The row is gone, or another process has moved the picture.
    Changed,
}

impl Pictures {
    /// The name of the place of new pictures, for log messages.
    #[must_use]
    pub fn place(&self) -> &str {
        self.places.place.as_ref().map_or("database", PictureStore::place)
    }

    /// Moves every picture to the place of new pictures, from the database or from `SHOP_PICTURES_FROM`. It deletes a
    /// picture at the old place only after it has read the picture at the new place. It can run while the shop runs,
    /// and can be stopped and repeated at any time.
    ///
    /// # Errors
    /// [`ShopError::PictureNotSaved`], [`ShopError::PictureNotRead`] or [`ShopError::PictureNotDeleted`] if a place
    /// fails; a failing database. Pictures that were moved before stay moved.
    pub async fn move_all(
        &self,
        mut progress: impl FnMut(&MovedPictures),
    ) -> Result<MovedPictures, ShopError> {
        let mut done = MovedPictures::default();
        let mut after: Option<PictureOwner> = None;
        loop {
            let rows = self.store.picture_rows(after.as_ref(), PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.owner.clone());
            let mut steps = stream::iter(rows).map(|row| self.move_one(row)).buffer_unordered(AT_ONCE);
            while let Some(step) = steps.try_next().await? {
                match step {
                    Step::Moved => done.moved += 1,
                    Step::AlreadyMoved => done.already_moved += 1,
                    Step::Missing(key) => done.missing.push(key),
                    Step::Changed => {}
                }
                progress(&done);
            }
        }
        self.clear_old_place().await?;
        Ok(done)
    }

    /// After a move into the database: deletes the objects at the old place. The same picture in two after-sales of an
    /// order is one object, so all rows with its key must have the bytes first.
    async fn clear_old_place(&self) -> Result<(), ShopError> {
        let (None, Some(from)) = (&self.places.place, &self.places.from) else { return Ok(()) };
        let mut after: Option<PictureOwner> = None;
        loop {
            let rows = self.store.picture_rows(after.as_ref(), PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.owner.clone());
            for row in rows.iter().filter(|row| row.is_inside) {
                let Some(key) = PictureKey::parse(&row.object) else { continue };
                if self.store.is_picture_only_outside(key.as_str()).await? {
                    continue;
                }
                from.delete(&key).await.map_err(ShopError::PictureNotDeleted)?;
                let name = PictureMove::RemoveName(key.as_str().to_owned());
                self.store.move_picture(&row.owner, name).await?;
            }
        }
    }

    async fn move_one(&self, row: PictureRow) -> Result<Step, ShopError> {
        let key = PictureKey::parse(&row.object);
        match (&self.places.place, row.is_inside, key) {
            (Some(place), true, key) => self.out_of_database(place, &row, key).await,
            (Some(place), false, Some(key)) => self.between(place, &key).await,
            (None, true, _) => Ok(Step::AlreadyMoved),
            (None, false, Some(key)) => self.to_database(&row, &key).await,
            (_, false, None) => Ok(Step::Missing(format!("{:?}", row.owner))),
        }
    }

    /// Moves a picture out of the database. The row gets the key before the picture is written, so that an erasure at
    /// the same time also deletes the object.
    async fn out_of_database(
        &self,
        place: &PictureStore,
        row: &PictureRow,
        key: Option<PictureKey>,
    ) -> Result<Step, ShopError> {
        let Some(picture) = self.store.picture_of(&row.owner).await? else { return Ok(Step::Changed) };
        if picture.bytes.is_empty() {
            return Ok(Step::Changed);
        }
        let key = match (key, &row.owner) {
            (Some(key), _) => key,
            (None, owner) => {
                let key = match owner {
                    PictureOwner::Product(_) => PictureKey::of_product(&hash(&picture.bytes)),
                    PictureOwner::AfterSale(id, _) => {
                        let order = id.order_id().ok_or(ShopError::NotFound)?;
                        PictureKey::of_after_sale(order.as_str(), &picture.bytes)
                    }
                };
                let name = PictureMove::Name(key.as_str().to_owned());
                if !self.store.move_picture(&row.owner, name).await? {
                    return Ok(Step::Changed);
                }
                key
            }
        };
        write_and_read(place, &key, picture.bytes).await?;
        let removed = PictureMove::RemoveBytes(key.as_str().to_owned());
        if !self.store.move_picture(&row.owner, removed).await? {
            return Ok(Step::Changed);
        }
        if let Some(from) = &self.places.from {
            // an interrupted move into the database may have left the object there
            from.delete(&key).await.map_err(ShopError::PictureNotDeleted)?;
        }
        Ok(Step::Moved)
    }

    async fn between(&self, place: &PictureStore, key: &PictureKey) -> Result<Step, ShopError> {
        if let Some(from) = &self.places.from
            && let Some(bytes) = from.get(key).await.map_err(ShopError::PictureNotRead)?
        {
            write_and_read(place, key, bytes).await?;
            from.delete(key).await.map_err(ShopError::PictureNotDeleted)?;
            return Ok(Step::Moved);
        }
        let found = place.get(key).await.map_err(ShopError::PictureNotRead)?;
        Ok(if found.is_some() { Step::AlreadyMoved } else { Step::Missing(key.as_str().to_owned()) })
    }

    async fn to_database(&self, row: &PictureRow, key: &PictureKey) -> Result<Step, ShopError> {
        let missing = || Ok(Step::Missing(key.as_str().to_owned()));
        let Some(from) = &self.places.from else { return missing() };
        let Some(bytes) = from.get(key).await.map_err(ShopError::PictureNotRead)? else { return missing() };
        let add = PictureMove::AddBytes(key.as_str().to_owned(), bytes);
        let is_moved = self.store.move_picture(&row.owner, add).await?;
        Ok(if is_moved { Step::Moved } else { Step::Changed })
    }
}

/// Writes a picture and reads it back. After that it can be deleted at the old place.
async fn write_and_read(place: &PictureStore, key: &PictureKey, bytes: Vec<u8>) -> Result<(), ShopError> {
    place.put(key, bytes).await.map_err(ShopError::PictureNotSaved)?;
    match place.get(key).await.map_err(ShopError::PictureNotRead)? {
        Some(_) => Ok(()),
        None => Err(ShopError::BadRequest("a picture was written to SHOP_PICTURES and cannot be read there")),
    }
}
