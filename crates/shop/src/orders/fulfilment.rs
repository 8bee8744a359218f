use model::{
    order::{OrderKind, OrderState},
    record::{AfterSaleRecord, DeliveryRecord, ItemRecord, ShipmentRecord},
};

/// How the goods of an order reach the shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// Nothing is delivered: the order is a top-up.
    Nothing,
    /// The shopper has not chosen. Only a program can pay such an order, and only if the shop has a place of pickup.
    NotChosen,
    /// The shop sends the goods to an address.
    Address,
    /// The shopper collects the goods.
    Pickup,
}

impl Fulfilment {
    /// Computes the fulfilment of an order. A paid order without a delivery is a pickup, see `Payments::pay`.
    #[must_use]
    pub fn of(kind: OrderKind, state: OrderState, delivery: Option<&DeliveryRecord>) -> Self {
        match (kind, delivery) {
            (OrderKind::TopUp, _) => Self::Nothing,
            (OrderKind::Goods, Some(delivery)) if delivery.is_pickup() => Self::Pickup,
            (OrderKind::Goods, Some(_)) => Self::Address,
            (OrderKind::Goods, None) if state.was_paid() => Self::Pickup,
            (OrderKind::Goods, None) => Self::NotChosen,
        }
    }

    /// Whether the shopper collects the goods. Staff may also send such an order; then it has parcels.
    #[must_use]
    pub fn is_collected(self, shipment: Option<&ShipmentRecord>) -> bool {
        self == Self::Pickup && shipment.is_none_or(|shipment| shipment.parcels.is_empty())
    }
}

/// Whether an order has pieces that no refund cancelled, so that staff have something to send or to hand over.
pub(crate) fn has_pieces<'a>(
    items: &[ItemRecord],
    after_sales: impl IntoIterator<Item = &'a AfterSaleRecord> + Clone,
) -> bool {
    items.iter().any(|item| item.to_send(after_sales.clone()) > 0)
}
