//! The delivery of an order: an address or a pickup, the shopper's note, and the delivery cost.

use model::{
    Fen, OrderId, Quantity, Shopper, Sku,
    address::Recipient,
    event::{EventKind, EventSource},
    order::OrderState,
    record::DeliveryRecord,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::addresses::{AddressField, address_problems, checked_name, checked_phone};
use crate::{Checkout, ShopError, typed};

/// The maximum number of characters in a note to the shop.
pub const MAX_NOTE_CHARS: usize = 200;

/// Where an order goes, with the shopper's note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The address or the pickup.
    pub to: Destination,
    /// The shopper's note; may be empty.
    pub note: String,
    /// The delivery cost that the page showed; `None` if a program showed none.
    pub freight_seen: Option<Fen>,
}

/// How the goods reach the shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The shop sends the goods to an address.
    Address(Recipient),
    /// A person collects the goods. `None` if a program chose pickup without a name.
    Pickup(Option<Collector>),
}

/// The person who collects an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collector {
    /// The name.
    pub name: String,
    /// The phone number.
    pub phone: String,
}

/// A field of the form that says where an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryField {
    /// A field of the address.
    Address(AddressField),
    /// The name of the person who collects the order.
    CollectorName,
    /// That person's phone number.
    CollectorPhone,
    /// The note to the shop.
    Note,
}

impl Delivery {
    /// The wrong fields of the delivery, each with its error. Empty if the delivery can be saved.
    #[must_use]
    pub fn problems(&self) -> Vec<(DeliveryField, ShopError)> {
        let mut problems = Vec::new();
        match &self.to {
            Destination::Address(recipient) => {
                let fields = address_problems(recipient).into_iter();
                problems.extend(fields.map(|(field, problem)| (DeliveryField::Address(field), problem)));
            }
            Destination::Pickup(None) => {}
            Destination::Pickup(Some(collector)) => {
                // a pickup has another sentence for an empty field, because an address has more fields
                let about_pickup = |problem| match problem {
                    ShopError::AddressIncomplete => ShopError::CollectorIncomplete,
                    other => other,
                };
                if let Err(problem) = checked_name(&collector.name) {
                    problems.push((DeliveryField::CollectorName, about_pickup(problem)));
                }
                if let Err(problem) = checked_phone(&collector.phone) {
                    problems.push((DeliveryField::CollectorPhone, about_pickup(problem)));
                }
            }
        }
        if let Err(problem) = checked_note(&self.note) {
            problems.push((DeliveryField::Note, problem));
        }
        problems
    }

    /// The row of this delivery for an order.
    ///
    /// # Errors
    /// The first of [`Delivery::problems`].
    pub(super) fn record(&self, id: &OrderId) -> Result<DeliveryRecord, ShopError> {
        if let Some((_, problem)) = self.problems().into_iter().next() {
            return Err(problem);
        }
        let note = checked_note(&self.note)?;
        Ok(match &self.to {
            Destination::Address(recipient) => {
                DeliveryRecord::to_address(id.clone(), &super::check_recipient(recipient)?, note)
            }
            Destination::Pickup(None) => {
                DeliveryRecord::pickup(id.clone(), String::new(), String::new(), note)
            }
            Destination::Pickup(Some(collector)) => {
                let (name, phone) = (checked_name(&collector.name)?, checked_phone(&collector.phone)?);
                DeliveryRecord::pickup(id.clone(), name, phone, note)
            }
        })
    }
}

impl Checkout {
    /// Sets the delivery of an unpaid order. The delivery cost changes with it, until the payment begins.
    ///
    /// # Errors
    /// The first of [`Delivery::problems`]; [`ShopError::NoDelivery`], [`ShopError::FreightChanged`],
    /// [`ShopError::FreightFixed`], [`ShopError::NotFound`], [`ShopError::AlreadyPaid`],
    /// [`ShopError::OrderClosed`], or a failing database.
    pub async fn deliver(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        delivery: Delivery,
    ) -> Result<(), ShopError> {
        let row = delivery.record(id)?;
        self.orders.own_order(shopper, id).await?;
        let freight = self.freight_of(&self.ordered_lines(id).await?, &row)?;
        delivery.check_freight(freight)?;
        self.keep_address_of(shopper, &delivery).await?;
        self.store.write(Deliver { row, freight, now_ms: self.clock.now_ms() }).await?
    }

    /// The specification, the price and the number of pieces of each line of an order.
    pub(super) async fn ordered_lines(&self, id: &OrderId) -> Result<Vec<(Sku, Fen, Quantity)>, ShopError> {
        let items = self.store.items(id).await?;
        Ok(items.into_iter().map(|item| (item.sku, item.price, item.quantity)).collect())
    }

    /// Computes the delivery cost of these lines for this delivery.
    pub(super) fn freight_of(
        &self,
        lines: &[(Sku, Fen, Quantity)],
        row: &DeliveryRecord,
    ) -> Result<Fen, ShopError> {
        let address = (!row.is_pickup()).then_some(row.address.as_str());
        Ok(self.price(lines, address)?.freight)
    }

    /// Saves the address of a delivery as the last used one.
    pub(super) async fn keep_address_of(
        &self,
        shopper: &Shopper,
        delivery: &Delivery,
    ) -> Result<(), ShopError> {
        match &delivery.to {
            Destination::Address(recipient) => self.keep_address(shopper, recipient).await,
            Destination::Pickup(_) => Ok(()),
        }
    }

    /// Saves an address as the last used one.
    pub(super) async fn keep_address(
        &self,
        shopper: &Shopper,
        recipient: &Recipient,
    ) -> Result<(), ShopError> {
        match self.save_address(shopper, recipient.clone()).await {
            Ok(address) => Ok(self.store.use_address(shopper, &address.id, self.clock.now_ms()).await?),
            // the shop does not save the address, but the order still goes there
            Err(ShopError::TooManyAddresses) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The name and phone number in the shopper's newest order; `None` without an order.
    ///
    /// # Errors
    /// A failing database.
    pub async fn last_contact(&self, shopper: &Shopper) -> Result<Option<Collector>, ShopError> {
        let contact = self.store.last_contact(shopper).await?;
        Ok(contact.map(|(name, phone)| Collector { name, phone }))
    }
}

fn checked_note(note: &str) -> Result<String, ShopError> {
    let note = typed::lines(note);
    let fits = note.chars().count() <= MAX_NOTE_CHARS;
    if fits { Ok(note) } else { Err(ShopError::NoteTooLong) }
}

/// Sets the delivery of an unpaid order.
pub(super) struct Deliver {
    pub(super) row: DeliveryRecord,
    pub(super) freight: Fen,
    pub(super) now_ms: i64,
}

impl Command for Deliver {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order(&self.row.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.row.order_id;
        let order = unit.order(id).ok_or(ShopError::NotFound)?;
        match order.state {
            OrderState::Created | OrderState::Paying if order.freight_fee == self.freight => {}
            OrderState::Created if order.balance_fee == Fen::ZERO => unit.set_freight(id, self.freight),
            // WeChat knows the amount from an attempt, or the balance has paid its part
            OrderState::Created | OrderState::Paying => return Err(ShopError::FreightFixed),
            state if state.was_paid() => return Err(ShopError::AlreadyPaid),
            _ => return Err(ShopError::OrderClosed),
        }
        unit.set_delivery(self.row.clone());
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Shopper,
            kind: EventKind::DeliveryChosen,
            out_trade_no: None,
            // without the recipient: events are never deleted, and the recipient is personal data
            detail: if self.row.is_pickup() { "fetched at the shop" } else { "sent" }.to_owned(),
        };
        unit.record_event(id, note);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pickup_names_the_person_and_each_wrong_field() {
        let pickup = |name: &str, phone: &str| Delivery {
            to: Destination::Pickup(Some(Collector { name: name.to_owned(), phone: phone.to_owned() })),
            note: String::new(),
            freight_seen: None,
        };
        assert!(pickup("小王", "13800000000").problems().is_empty());
        let problems = pickup("", "1").problems();
        assert!(
            matches!(
                &problems[..],
                [
                    (DeliveryField::CollectorName, ShopError::CollectorIncomplete),
                    (DeliveryField::CollectorPhone, ShopError::PhoneInvalid)
                ]
            ),
            "{problems:?}"
        );
        let row = pickup(" 小王 ", "138 0000 0000").record(&"1".parse().unwrap()).unwrap();
        assert!(row.is_pickup() && row.name == "小王" && row.phone == "138 0000 0000", "{row:?}");
    }
}
