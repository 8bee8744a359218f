use crate::{OrderId, address::Recipient};

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The order.
    pub order_id: OrderId,
    /// The recipient's name; empty if the shopper collects the order.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// The address in one line.
    pub address: String,
    /// The shopper's note; may be empty.
    pub note: String,
}

impl DeliveryRecord {
    /// The delivery of an order to `to`; without a recipient the shopper collects the order.
    #[must_use]
    pub fn new(order_id: OrderId, to: Option<&Recipient>, note: String) -> Self {
        let text = |part: fn(&Recipient) -> String| to.map(part).unwrap_or_default();
        Self {
            order_id,
            name: text(|to| to.name.clone()),
            phone: text(|to| to.phone.clone()),
            address: text(Recipient::address),
            note,
        }
    }
}

/// An order that staff handed to a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRecord {
    /// The order.
    pub order_id: OrderId,
    /// The carrier's name.
    pub carrier: String,
    /// The tracking number.
    pub tracking_no: String,
    /// The staff member who sent it.
    pub who: String,
    /// When, ms.
    pub shipped_ms: i64,
}
