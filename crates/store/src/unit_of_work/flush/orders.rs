//! Writes orders with their lines, events, visitors and deliveries.

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text, text_or_null},
};

pub(super) async fn orders(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let with =
        |change| unit.orders.values().filter(move |entry| entry.change == change).map(|entry| &entry.row);
    let new: Vec<_> = with(RowChange::Inserted)
        .map(|order| {
            [
                text(&order.id),
                text(order.kind),
                text(&order.shopper),
                text(&order.basket),
                text(order.state),
                Value::Number(order.total_fee.0),
                Value::Number(order.created_ms),
                Value::Number(order.expires_ms),
                Value::NumberOrNull(order.paid_ms),
                text_or_null(order.paid_out_trade_no.as_ref()),
                Value::Number(order.version),
                text(&order.link_key),
                text(&order.placed_from),
                Value::Number(order.held),
                Value::Number(order.freight_fee.0),
                Value::Number(order.reduction_fee.0),
                Value::Number(order.balance_fee.0),
            ]
        })
        .collect();
    let head = "INSERT INTO orders (id, kind, openid, basket, state, total_fee, created_ms, expires_ms, paid_ms, \
                paid_out_trade_no, version, link_key, placed_from, held, freight_fee, reduction_fee, balance_fee)";
    insert(connection, "writing orders", head, new, "").await?;

    let changed: Vec<_> = with(RowChange::Updated)
        .map(|order| {
            [
                text(&order.id),
                text(order.state),
                Value::NumberOrNull(order.paid_ms),
                text_or_null(order.paid_out_trade_no.as_ref()),
                Value::Number(order.version),
                Value::Number(order.held),
                Value::Number(order.total_fee.0),
                Value::Number(order.freight_fee.0),
            ]
        })
        .collect();
    let head = "UPDATE orders SET state = v.column2, paid_ms = v.column3, paid_out_trade_no = v.column4, \
                version = v.column5, held = v.column6, total_fee = v.column7, freight_fee = v.column8";
    update(connection, "changing orders", head, changed, "WHERE orders.id = v.column1").await
}

pub(super) async fn items(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let new: Vec<_> = unit
        .new_items
        .iter()
        .map(|item| {
            [
                text(&item.order_id),
                Value::Number(item.position),
                text(&item.sku),
                text(&item.name),
                text(&item.spec),
                text(&item.picture),
                Value::Number(item.price.0),
                Value::Number(item.quantity.get()),
                Value::Number(item.reduction.0),
            ]
        })
        .collect();
    let head =
        "INSERT INTO order_items (order_id, position, sku, name, spec, picture, price, quantity, reduction)";
    insert(connection, "writing items", head, new, "").await
}

pub(super) async fn events(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let new: Vec<_> = unit
        .events
        .iter()
        .map(|event| {
            [
                text(&event.order_id),
                Value::Number(event.seq),
                Value::Number(event.at_ms),
                text(event.source),
                text(event.kind),
                text_or_null(event.out_trade_no.as_ref()),
                text(&event.detail),
            ]
        })
        .collect();
    let head = "INSERT INTO events (order_id, seq, at_ms, who, what, out_trade_no, detail)";
    insert(connection, "writing events", head, new, "").await
}

pub(super) async fn visitors(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let rows: Vec<_> = unit.visitors.iter().map(|(order, shopper)| [text(order), text(shopper)]).collect();
    let head = "INSERT INTO order_visitors (order_id, shopper)";
    insert(connection, "writing visitors", head, rows, "ON CONFLICT (order_id, shopper) DO NOTHING").await
}

pub(super) async fn deliveries(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let rows: Vec<_> = unit
        .deliveries
        .values()
        .map(|row| {
            [
                text(&row.order_id),
                text(&row.name),
                text(&row.phone),
                text(&row.address),
                text(&row.note),
                Value::NumberOrNull(row.changed_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO deliveries (order_id, name, phone, address, note, changed_ms)";
    let tail = "ON CONFLICT (order_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, \
                address = excluded.address, note = excluded.note, changed_ms = excluded.changed_ms";
    insert(connection, "writing deliveries", head, rows, tail).await
}
