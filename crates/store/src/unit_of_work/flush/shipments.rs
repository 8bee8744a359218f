//! Shipments.

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text},
    rows::SHIPMENT,
};

pub(super) async fn shipments(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let changed =
        || unit.shipments.values().filter(|entry| entry.change == RowChange::Updated).map(|entry| &entry.row);
    let rows: Vec<_> = changed()
        .map(|row| {
            [
                text(&row.order_id),
                text(&row.carrier),
                text(&row.tracking_no),
                text(&row.who),
                Value::Number(row.shipped_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO shipments ({SHIPMENT})");
    let tail = "ON CONFLICT (order_id) DO UPDATE SET carrier = excluded.carrier, \
                tracking_no = excluded.tracking_no, who = excluded.who, shipped_ms = excluded.shipped_ms";
    insert(connection, "writing shipments", &head, rows, tail).await?;
    let rows: Vec<_> = changed().map(|row| [text(&row.order_id), Value::Number(row.shipped_ms)]).collect();
    let head = "UPDATE orders SET shipped_ms = v.column2";
    update(connection, "marking orders as shipped", head, rows, "WHERE orders.id = v.column1").await
}
