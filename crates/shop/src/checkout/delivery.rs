//! Where an order goes.

use model::{
    OrderId, Shopper,
    address::Recipient,
    event::{EventKind, EventSource},
    order::OrderState,
    record::DeliveryRecord,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::check_recipient;
use crate::{Checkout, ShopError, typed};

/// The largest number of characters in a note to the shop.
pub const MAX_NOTE_CHARS: usize = 200;

/// Where an order goes, with the shopper's note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The recipient; `None` if the shopper collects the order.
    pub to: Option<Recipient>,
    /// The shopper's note.
    pub note: String,
}

impl Checkout {
    /// Sets where an unpaid order goes, and the shopper's note.
    ///
    /// # Errors
    /// [`ShopError::NoteTooLong`], [`ShopError::AddressIncomplete`], [`ShopError::NotFound`],
    /// [`ShopError::AlreadyPaid`], [`ShopError::OrderClosed`], or a failing database.
    pub async fn deliver(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        delivery: Delivery,
    ) -> Result<(), ShopError> {
        let note = checked_note(&delivery.note)?;
        let to = delivery.to.as_ref().map(check_recipient).transpose()?;
        self.orders.own_order(shopper, id).await?;
        if let Some(recipient) = &to {
            match self.save_address(shopper, recipient.clone()).await {
                Ok(address) => self.store.use_address(shopper, &address.id, self.clock.now_ms()).await?,
                // the address is not saved, and the order still goes there
                Err(ShopError::TooManyAddresses) => {}
                Err(error) => return Err(error),
            }
        }
        let row = DeliveryRecord::new(id.clone(), to.as_ref(), note);
        self.store.write(Deliver { row, now_ms: self.clock.now_ms() }).await?
    }
}

fn checked_note(note: &str) -> Result<String, ShopError> {
    let note = typed::lines(note);
    let fits = note.chars().count() <= MAX_NOTE_CHARS;
    if fits { Ok(note) } else { Err(ShopError::NoteTooLong) }
}

struct Deliver {
    row: DeliveryRecord,
    now_ms: i64,
}

impl Command for Deliver {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order(&self.row.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.row.order_id;
        match unit.order(id).map(|order| order.state) {
            None => return Err(ShopError::NotFound),
            Some(OrderState::Created | OrderState::Paying) => {}
            Some(state) if state.was_paid() => return Err(ShopError::AlreadyPaid),
            Some(_) => return Err(ShopError::OrderClosed),
        }
        unit.set_delivery(self.row.clone());
        let note = EventEntry {
            at_ms: self.now_ms,
            who: EventSource::Shopper,
            what: EventKind::DeliveryChosen,
            out_trade_no: None,
            // the recipient is personal data, and events are never deleted
            detail: if self.row.name.is_empty() { "fetched at the shop" } else { "sent" }.to_owned(),
        };
        unit.record_event(id, note);
        Ok(())
    }
}
