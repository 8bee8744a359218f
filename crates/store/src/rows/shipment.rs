use model::record::{DeliveryReportRecord, ParcelRecord, ShipmentRecord};

use super::column::{flag, number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `shipments`, as [`shipment`] reads them.
pub(crate) const SHIPMENT: &str = "order_id, who, shipped_ms, is_complete, received_ms";

/// The columns of `parcels`, as [`parcel`] reads them.
pub(crate) const PARCEL: &str = "order_id, position, carrier, company_id, tracking_no, who, shipped_ms";

/// The columns of `delivery_reports`, as [`delivery_report`] reads them.
pub(crate) const DELIVERY_REPORT: &str = "order_id, out_trade_no, paid_ms, state, version, upload_ms, is_unanswered, \
     is_split, reported_ms, wechat_state, code, message, changed_ms";

/// A shipment without its parcels.
pub(crate) fn shipment(row: &Row) -> Result<ShipmentRecord, StoreError> {
    Ok(ShipmentRecord {
        order_id: text(row, "order_id")?,
        who: text(row, "who")?,
        shipped_ms: number(row, "shipped_ms")?,
        is_complete: flag(row, "is_complete")?,
        received_ms: number_or_null(row, "received_ms")?,
        parcels: Vec::new(),
    })
}

pub(crate) fn parcel(row: &Row) -> Result<ParcelRecord, StoreError> {
    Ok(ParcelRecord {
        order_id: text(row, "order_id")?,
        position: number(row, "position")?,
        carrier: text(row, "carrier")?,
        company_id: text(row, "company_id")?,
        tracking_no: text(row, "tracking_no")?,
        who: text(row, "who")?,
        shipped_ms: number(row, "shipped_ms")?,
    })
}

pub(crate) fn delivery_report(row: &Row) -> Result<DeliveryReportRecord, StoreError> {
    Ok(DeliveryReportRecord {
        order_id: text(row, "order_id")?,
        out_trade_no: text(row, "out_trade_no")?,
        paid_ms: number(row, "paid_ms")?,
        state: text(row, "state")?,
        version: number(row, "version")?,
        upload_ms: number(row, "upload_ms")?,
        is_unanswered: flag(row, "is_unanswered")?,
        is_split: flag(row, "is_split")?,
        reported_ms: number_or_null(row, "reported_ms")?,
        wechat_state: text(row, "wechat_state")?,
        code: text(row, "code")?,
        message: text(row, "message")?,
        changed_ms: number(row, "changed_ms")?,
    })
}
