use crate::{OrderId, address::Recipient};

/// Where an order goes: an address, or pickup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The order.
    pub order_id: OrderId,
    /// The name of the person who receives or collects it; empty if a program chose pickup without a name.
    pub name: String,
    /// That person's phone number.
    pub phone: String,
    /// The address in one line; empty if the shopper collects the order.
    pub address: String,
    /// The shopper's note; may be empty.
    pub note: String,
    /// When the shopper or the shop changed the address after the payment, ms; `None` if they did not.
    pub changed_ms: Option<i64>,
}

impl DeliveryRecord {
    /// The delivery of an order to an address.
    #[must_use]
    pub fn to_address(order_id: OrderId, to: &Recipient, note: String) -> Self {
        let (name, phone, address) = (to.name.clone(), to.phone.clone(), to.address());
        Self { order_id, name, phone, address, note, changed_ms: None }
    }

    /// The pickup of an order by a person.
    #[must_use]
    pub const fn pickup(order_id: OrderId, name: String, phone: String, note: String) -> Self {
        Self { order_id, name, phone, address: String::new(), note, changed_ms: None }
    }

    /// Whether the order goes to this recipient.
    #[must_use]
    pub fn goes_to(&self, to: &Recipient) -> bool {
        self.name == to.name && self.phone == to.phone && self.address == to.address()
    }

    /// Whether the shopper collects the order.
    #[must_use]
    pub const fn is_pickup(&self) -> bool {
        self.address.is_empty()
    }
}
