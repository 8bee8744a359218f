use model::OrderId;
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text};
use crate::Recipient;

/// Where an order goes.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// The order.
    pub order_id: OrderId,
    /// Who gets it; empty where the shopper fetches it at the shop.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
    /// Where, in one line.
    pub address: String,
    /// What the shopper wants to tell.
    pub note: String,
}

impl DeliveryRow {
    pub(crate) fn new(order_id: OrderId, to: Option<&Recipient>, note: String) -> Self {
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

/// An order that was handed to a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRow {
    /// The order.
    pub order_id: OrderId,
    /// Who carries it.
    pub carrier: String,
    /// Under which number.
    pub tracking_no: String,
    /// Who of the shop said so.
    pub who: String,
    /// When, ms.
    pub shipped_ms: i64,
}

/// The columns of `shipments`, as [`shipment`] reads them.
pub(in crate::store) const SHIPMENT: &str = "order_id, carrier, tracking_no, who, shipped_ms";

pub(in crate::store) fn delivery(row: &AnyRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        order_id: text(row, 0)?,
        name: text(row, 1)?,
        phone: text(row, 2)?,
        address: text(row, 3)?,
        note: text(row, 4)?,
    })
}

pub(in crate::store) fn shipment(row: &AnyRow) -> Result<ShipmentRow, StoreError> {
    Ok(ShipmentRow {
        order_id: text(row, 0)?,
        carrier: text(row, 1)?,
        tracking_no: text(row, 2)?,
        who: text(row, 3)?,
        shipped_ms: number(row, 4)?,
    })
}
