use std::collections::BTreeMap;

use model::record::{DeliveryCompanyRecord, DeliveryReportRecord, ParcelRecord, ShipmentRecord};

use super::column::{flag, number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `shipments`, as [`shipments`] reads them.
pub(crate) const SHIPMENT: &str = "order_id, carrier, tracking_no, who, shipped_ms, is_complete, received_ms";

/// The carrier and the tracking number that the previous version stores when the shopper collected the order.
pub(crate) const COLLECTED: (&str, &str) = ("到店自取", "已取货");

/// The columns of `parcels`, as [`parcel`] reads them.
pub(crate) const PARCEL: &str = "order_id, position, carrier, company_id, tracking_no, who, shipped_ms";

/// The columns of `delivery_reports`, as [`delivery_report`] reads them.
pub(crate) const DELIVERY_REPORT: &str = "order_id, out_trade_no, paid_ms, state, version, upload_ms, is_unanswered, \
     is_split, reported_ms, wechat_state, code, message, changed_ms";

/// Builds shipments from rows of `shipments` and the sorted rows of `parcels` of the same orders.
pub(crate) fn shipments(rows: &[Row], parcels: &[Row]) -> Result<Vec<ShipmentRecord>, StoreError> {
    let mut of_order: BTreeMap<String, Vec<ParcelRecord>> = BTreeMap::new();
    for row in parcels {
        let parcel = parcel(row)?;
        of_order.entry(parcel.order_id.to_string()).or_default().push(parcel);
    }
    rows.iter()
        .map(|row| {
            let order_id: String = text(row, "order_id")?;
            shipment(row, of_order.remove(&order_id).unwrap_or_default())
        })
        .collect()
}

fn shipment(row: &Row, parcels: Vec<ParcelRecord>) -> Result<ShipmentRecord, StoreError> {
    let shipped_ms = number(row, "shipped_ms")?;
    let received_ms = number_or_null(row, "received_ms")?;
    let (carrier, tracking_no): (String, String) = (text(row, "carrier")?, text(row, "tracking_no")?);
    let mut shipment = ShipmentRecord {
        order_id: text(row, "order_id")?,
        who: text(row, "who")?,
        shipped_ms,
        is_complete: flag(row, "is_complete")?,
        received_ms,
        parcels,
    };
    // a server of the previous version may still run, and writes no parcel
    if (&*carrier, &*tracking_no) == COLLECTED {
        shipment.received_ms = received_ms.or(Some(shipped_ms));
    } else if shipment.parcels.is_empty() {
        shipment.parcels.push(ParcelRecord {
            order_id: shipment.order_id.clone(),
            position: 1,
            carrier,
            company_id: String::new(),
            tracking_no,
            who: shipment.who.clone(),
            shipped_ms,
        });
    }
    Ok(shipment)
}

fn parcel(row: &Row) -> Result<ParcelRecord, StoreError> {
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

pub(crate) fn delivery_company(row: &Row) -> Result<DeliveryCompanyRecord, StoreError> {
    Ok(DeliveryCompanyRecord {
        id: text(row, "id")?,
        name: text(row, "name")?,
        read_ms: number(row, "read_ms")?,
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
