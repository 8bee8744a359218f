//! A shopper sends goods back.

use model::{
    AfterSaleId, Shopper,
    after_sale::{AfterSaleEvent, AfterSaleState},
    event::{EventKind, EventSource},
    message::MessageSubject,
};
use store::{Command, ReadSet, UnitOfWork};

use super::{
    AfterSales,
    step::{Step, write_message},
};
use crate::{ShopError, shipping::check_parcel};

impl AfterSales {
    /// Stores the carrier and the tracking number of the returned parcel. The shopper can correct them until the shop
    /// has received the goods.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's after-sale, [`ShopError::Changed`] if the shop does not
    /// expect a parcel, [`ShopError::Invalid`], or a failing database.
    pub async fn send_back(
        &self,
        shopper: &Shopper,
        id: &AfterSaleId,
        carrier: &str,
        tracking_no: &str,
    ) -> Result<(), ShopError> {
        self.own(shopper, id).await?;
        let (carrier, tracking_no) = check_parcel(carrier, tracking_no)?;
        let step = self.step(id, EventSource::Shopper, "")?;
        self.store.write(SendBack { step, carrier, tracking_no }).await?
    }
}

struct SendBack {
    step: Step,
    carrier: String,
    tracking_no: String,
}

impl Command for SendBack {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.step.reads(reads);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let Self { step, carrier, tracking_no } = self;
        let known = step.record(unit)?;
        let is_same = (&known.carrier, &known.tracking_no) == (carrier, tracking_no);
        if known.state == AfterSaleState::Returned && is_same {
            return Ok(());
        }
        let is_first = known.sent_ms.is_none();
        let row = step.move_to(unit, AfterSaleEvent::Sent, |row| {
            row.carrier.clone_from(carrier);
            row.tracking_no.clone_from(tracking_no);
            row.sent_ms = Some(step.now_ms);
        })?;
        step.record_event(unit, EventKind::GoodsSentBack, format!("{carrier} {tracking_no}"));
        if is_first {
            write_message(unit, MessageSubject::RefundWanted, &row, step.now_ms);
        }
        Ok(())
    }
}
