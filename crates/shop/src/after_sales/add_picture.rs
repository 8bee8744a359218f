//! A shopper adds a picture to an after-sale, for the mini program: `wx.uploadFile` sends only one file in each
//! request.

use model::{
    AfterSaleId, Shopper,
    after_sale::AfterSaleState,
    event::EventSource,
    record::{AfterSaleRecord, PictureRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::{AfterSales, MAX_AFTER_SALE_PICTURES, pictures, step::Step};
use crate::ShopError;

impl AfterSales {
    /// Adds a picture to an after-sale of the shopper's own order. The shop must not have answered it yet.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's after-sale, [`ShopError::Changed`] if the shop has answered
    /// or the shopper withdrew it, [`ShopError::Invalid`] if the file is not a picture, is too large, or is one picture
    /// too many, [`ShopError::PictureNotSaved`], or a failing database.
    pub async fn add_picture(
        &self,
        shopper: &Shopper,
        id: &AfterSaleId,
        file: Vec<u8>,
    ) -> Result<(), ShopError> {
        let known = self.own(shopper, id).await?;
        check_room(&known)?;
        let checked = pictures::check(vec![file])?;
        let mut rows = self.pictures.write_after_sale_pictures(&known.order_id, checked).await?;
        let picture = rows.pop().ok_or(pictures::CHOOSE_PICTURE)?;
        self.store.write(AddPicture { step: self.step(id, EventSource::Shopper, "")?, picture }).await?
    }
}

struct AddPicture {
    step: Step,
    picture: PictureRecord,
}

impl Command for AddPicture {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.step.reads(reads);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        check_room(self.step.record(unit)?)?;
        unit.add_after_sale_picture(&self.step.id, self.picture.clone());
        Ok(())
    }
}

/// Checks that the after-sale can get one more picture.
fn check_room(known: &AfterSaleRecord) -> Result<(), ShopError> {
    if known.state != AfterSaleState::Requested {
        return Err(ShopError::Changed);
    }
    match usize::try_from(known.pictures) {
        Ok(count) if count < MAX_AFTER_SALE_PICTURES => Ok(()),
        _ => Err(pictures::TOO_MANY),
    }
}
