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
use crate::{Shop, ShopError, typed};

/// Characters of a note to the shop at most.
pub const LONGEST_NOTE: usize = 200;

/// What a shopper wants to happen with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Who gets it; `None` where the shopper fetches it at the shop.
    pub to: Option<Recipient>,
    /// What the shopper wants to tell.
    pub note: String,
}

impl Shop {
    /// Says where an unpaid order goes, and what the shopper wants to tell.
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
        self.own_order(shopper, id).await?;
        if let Some(recipient) = &to {
            match self.save_address(shopper, recipient.clone()).await {
                Ok(address) => self.store().use_address(shopper, &address.id, self.clock().now_ms()).await?,
                // the order goes there all the same
                Err(ShopError::TooManyAddresses) => {}
                Err(error) => return Err(error),
            }
        }
        let row = DeliveryRecord::new(id.clone(), to.as_ref(), note);
        self.store().write(Deliver { row, now_ms: self.clock().now_ms() }).await?
    }
}

fn checked_note(note: &str) -> Result<String, ShopError> {
    let note = typed::lines(note);
    let fits = note.chars().count() <= LONGEST_NOTE;
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
            // who gets it is personal, and events are for good
            detail: if self.row.name.is_empty() { "fetched at the shop" } else { "sent" }.to_owned(),
        };
        unit.record_event(id, note);
        Ok(())
    }
}
