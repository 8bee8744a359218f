use crate::OrderId;

/// The shipment of an order: its parcels, or the pickup by the shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRecord {
    /// The order.
    pub order_id: OrderId,
    /// The staff member who sent the first parcel or handed the order over.
    pub who: String,
    /// When the first parcel was sent or the order was handed over, ms.
    pub shipped_ms: i64,
    /// Whether all parcels are sent: no further parcel follows.
    pub is_complete: bool,
    /// When the shopper received or collected the goods, ms; `None` before.
    pub received_ms: Option<i64>,
    /// The parcels, in the order of their positions. Empty if the shopper collected the order.
    pub parcels: Vec<ParcelRecord>,
}

impl ShipmentRecord {
    /// When the newest parcel was sent, ms.
    #[must_use]
    pub fn last_shipped_ms(&self) -> i64 {
        self.parcels.iter().map(|parcel| parcel.shipped_ms).max().unwrap_or(self.shipped_ms)
    }
}

/// One parcel of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelRecord {
    /// The order.
    pub order_id: OrderId,
    /// The number of the parcel in its order, from 1.
    pub position: i64,
    /// The carrier's name.
    pub carrier: String,
    /// The carrier's id at WeChat (`delivery_id`); empty if the order is not reported to WeChat.
    pub company_id: String,
    /// The tracking number.
    pub tracking_no: String,
    /// The staff member who sent it.
    pub who: String,
    /// When it was sent, ms.
    pub shipped_ms: i64,
}

/// A carrier in WeChat's list (`get_delivery_list`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryCompanyRecord {
    /// Its id at WeChat (`delivery_id`).
    pub id: String,
    /// Its name.
    pub name: String,
    /// When the shop read it from WeChat, ms.
    pub read_ms: i64,
}
