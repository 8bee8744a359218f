use model::record::DeliveryRecord;

use super::column::text;
use crate::{StoreError, driver::Row};

/// The columns of `deliveries`, as [`delivery`] reads them.
pub(crate) const DELIVERY: &str = "order_id, name, phone, address, note";

pub(crate) fn delivery(row: &Row) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        order_id: text(row, "order_id")?,
        name: text(row, "name")?,
        phone: text(row, "phone")?,
        address: text(row, "address")?,
        note: text(row, "note")?,
    })
}
