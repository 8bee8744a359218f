//! Writes shipments with their parcels, and delivery reports.

use model::record::ShipmentRecord;

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text},
    rows::{COLLECTED, DELIVERY_REPORT, PARCEL, SHIPMENT},
};

pub(super) async fn shipments(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let changed =
        || unit.shipments.values().filter(|entry| entry.change == RowChange::Updated).map(|entry| &entry.row);
    let rows = changed()
        .map(|row| {
            let (carrier, tracking_no) = for_the_version_before(row);
            [
                text(&row.order_id),
                text(carrier),
                text(tracking_no),
                text(&row.who),
                Value::Number(row.shipped_ms),
                Value::Number(row.is_complete.into()),
                Value::NumberOrNull(row.received_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO shipments ({SHIPMENT})");
    let tail = "ON CONFLICT (order_id) DO UPDATE SET carrier = excluded.carrier, \
                tracking_no = excluded.tracking_no, who = excluded.who, shipped_ms = excluded.shipped_ms, \
                is_complete = excluded.is_complete, received_ms = excluded.received_ms";
    insert(connection, "writing shipments", &head, rows, tail).await?;
    let parcels = changed()
        .flat_map(|row| &row.parcels)
        .map(|row| {
            [
                text(&row.order_id),
                Value::Number(row.position),
                text(&row.carrier),
                text(&row.company_id),
                text(&row.tracking_no),
                text(&row.who),
                Value::Number(row.shipped_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO parcels ({PARCEL})");
    let tail = "ON CONFLICT (order_id, position) DO UPDATE SET carrier = excluded.carrier, \
                company_id = excluded.company_id, tracking_no = excluded.tracking_no, who = excluded.who, \
                shipped_ms = excluded.shipped_ms";
    insert(connection, "writing parcels", &head, parcels, tail).await?;
    let rows = changed()
        .map(|row| [text(&row.order_id), Value::Number(row.shipped_ms), Value::NumberOrNull(row.received_ms)])
        .collect();
    let head = "UPDATE orders SET shipped_ms = v.column2, received_ms = v.column3";
    update(connection, "marking orders as shipped", head, rows, "WHERE orders.id = v.column1").await
}

/// The carrier and the tracking number for the previous version, in which an order has one parcel.
fn for_the_version_before(shipment: &ShipmentRecord) -> (&str, &str) {
    shipment.parcels.first().map_or(COLLECTED, |parcel| (&parcel.carrier, &parcel.tracking_no))
}

pub(super) async fn delivery_reports(
    connection: &mut Connection,
    unit: &UnitOfWork,
) -> Result<(), StoreError> {
    let changed = unit.delivery_reports.values().filter(|entry| entry.change == RowChange::Updated);
    let rows = changed
        .map(|entry| {
            let row = &entry.row;
            [
                text(&row.order_id),
                text(&row.out_trade_no),
                Value::Number(row.paid_ms),
                text(row.state),
                Value::Number(row.version),
                Value::Number(row.upload_ms),
                Value::Number(row.is_unanswered.into()),
                Value::Number(row.is_split.into()),
                Value::NumberOrNull(row.reported_ms),
                text(row.wechat_state),
                text(&row.code),
                text(&row.message),
                Value::Number(row.changed_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO delivery_reports ({DELIVERY_REPORT})");
    let tail = "ON CONFLICT (order_id) DO UPDATE SET out_trade_no = excluded.out_trade_no, \
                paid_ms = excluded.paid_ms, state = excluded.state, version = excluded.version, \
                upload_ms = excluded.upload_ms, is_unanswered = excluded.is_unanswered, \
                is_split = excluded.is_split, reported_ms = excluded.reported_ms, wechat_state = excluded.wechat_state, code = excluded.code, \
                message = excluded.message, changed_ms = excluded.changed_ms";
    insert(connection, "writing reports of deliveries", &head, rows, tail).await
}
