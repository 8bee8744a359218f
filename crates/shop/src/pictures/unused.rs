//! Deletes after-sale pictures in a folder or a bucket that have no row: the shopper's data was erased, or the row was
//! not committed.

use model::OrderId;
use picture_store::PictureKey;

use super::{Pictures, UNUSED_MS};
use crate::ShopError;

impl Pictures {
    /// Plans the `unused_pictures` job of an order, before the upload writes pictures.
    pub(super) async fn plan_unused(&self, order: &OrderId) -> Result<(), ShopError> {
        let run_ms = self.clock.now_ms() + UNUSED_MS;
        Ok(self.store.plan_unused_pictures(order, run_ms).await?)
    }

    /// Deletes after-sale pictures of an order that have no row. Returns when to look again, ms, if a row may still be
    /// committed; otherwise `None`.
    ///
    /// # Errors
    /// [`ShopError::PictureNotDeleted`]; [`ShopError::BadRequest`] if no place is configured; a failing database.
    pub(crate) async fn delete_unused(&self, order: &OrderId) -> Result<Option<i64>, ShopError> {
        if self.places().next().is_none() {
            return Err(ShopError::BadRequest(
                "pictures of an after-sale have to be deleted outside the database: set SHOP_PICTURES_FROM to where they are",
            ));
        }
        let mut again: Option<i64> = None;
        for place in self.places() {
            let listed = place
                .list(&PictureKey::folder_of_after_sales(order.as_str()))
                .await
                .map_err(ShopError::PictureNotDeleted)?;
            // read after the list: otherwise a picture whose row was committed in between would look unused
            let named = self.store.after_sale_objects(order).await?;
            for picture in listed {
                if named.iter().any(|key| key == picture.key.as_str()) {
                    continue;
                }
                let unused_ms = picture.written_ms + UNUSED_MS;
                if unused_ms > self.clock.now_ms() {
                    again = Some(again.map_or(unused_ms, |known| known.min(unused_ms)));
                    continue;
                }
                place.delete(&picture.key).await.map_err(ShopError::PictureNotDeleted)?;
            }
        }
        Ok(again)
    }
}
