use model::record::DeliveryRecord;

use super::column::{number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `deliveries`, as [`delivery`] reads them.
pub(crate) const DELIVERY: &str = "order_id, name, phone, address, note, changed_ms";

pub(crate) fn delivery(row: &Row) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        order_id: text(row, "order_id")?,
        name: text(row, "name")?,
        phone: text(row, "phone")?,
        address: text(row, "address")?,
        note: text(row, "note")?,
        changed_ms: number_or_null(row, "changed_ms")?,
    })
}
