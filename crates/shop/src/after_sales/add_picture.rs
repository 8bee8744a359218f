//! The shopper adds a picture to an after-sale. `wx.uploadFile` of a mini program sends one file in each request.

use model::{
    AfterSaleId, Shopper,
    after_sale::AfterSaleState,
    event::EventSource,
    record::{AfterSaleRecord, PictureRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::{AfterSales, MAX_AFTER_SALE_PICTURES, move_to::Step, pictures};
use crate::ShopError;

impl AfterSales {
    /// Adds a picture to an after-sale of the shopper's own order that the shop has not answered yet.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's, [`ShopError::Changed`] if the shop has answered or the shopper took it
    /// back, [`ShopError::Invalid`] if the file is no picture, is too large or is one too many, [`ShopError::PictureNotSaved`], or
    /// a failing database.
    pub async fn add_picture(
        &self,
        shopper: &Shopper,
        id: &AfterSaleId,
        file: Vec<u8>,
    ) -> Result<(), ShopError> {
        let known = self.own(shopper, id).await?;
        check_room(&known)?;
        let checked = pictures::check(vec![file])?;
        let mut rows = self.pictures.keep_of_after_sale(&known.order_id, checked).await?;
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

/// Whether the after-sale takes one more picture.
fn check_room(known: &AfterSaleRecord) -> Result<(), ShopError> {
    if known.state != AfterSaleState::Requested {
        return Err(ShopError::Changed);
    }
    match usize::try_from(known.pictures) {
        Ok(count) if count < MAX_AFTER_SALE_PICTURES => Ok(()),
        _ => Err(pictures::TOO_MANY),
    }
}
