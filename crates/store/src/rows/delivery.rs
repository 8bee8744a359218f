use model::record::{DeliveryRecord, ShipmentRecord};

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The columns of `deliveries`, as [`delivery`] reads them.
pub(crate) const DELIVERY: &str = "order_id, name, phone, address, note";

/// The columns of `shipments`, as [`shipment`] reads them.
pub(crate) const SHIPMENT: &str = "order_id, carrier, tracking_no, who, shipped_ms";

pub(crate) fn delivery(row: &Row) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        order_id: text(row, "order_id")?,
        name: text(row, "name")?,
        phone: text(row, "phone")?,
        address: text(row, "address")?,
        note: text(row, "note")?,
    })
}

pub(crate) fn shipment(row: &Row) -> Result<ShipmentRecord, StoreError> {
    Ok(ShipmentRecord {
        order_id: text(row, "order_id")?,
        carrier: text(row, "carrier")?,
        tracking_no: text(row, "tracking_no")?,
        who: text(row, "who")?,
        shipped_ms: number(row, "shipped_ms")?,
    })
}
