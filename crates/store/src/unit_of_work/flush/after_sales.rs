//! Writes after-sales with their lines and pictures.

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text},
    rows::{AFTER_SALE, AFTER_SALE_LINE},
};

pub(super) async fn after_sales(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let with = |change| {
        unit.after_sales.values().filter(move |entry| entry.change == change).map(|entry| &entry.row)
    };
    let new = with(RowChange::Inserted)
        .map(|row| {
            [
                text(&row.id),
                text(&row.order_id),
                text(row.kind),
                text(row.state),
                Value::Number(row.fee.0),
                text(&row.reason),
                Value::Number(row.pictures),
                Value::Number(row.asked_ms),
                Value::NumberOrNull(row.due_ms),
                text(&row.answer),
                text(&row.who),
                Value::NumberOrNull(row.answered_ms),
                text(&row.carrier),
                text(&row.tracking_no),
                Value::NumberOrNull(row.sent_ms),
                Value::NumberOrNull(row.received_ms),
                Value::Number(row.restock.into()),
                Value::Number(row.cancels_pieces.into()),
                text(&row.out_refund_no),
            ]
        })
        .collect();
    let head = format!("INSERT INTO after_sales ({AFTER_SALE})");
    insert(connection, "writing after-sales", &head, new, "").await?;

    let lines = with(RowChange::Inserted)
        .flat_map(|row| row.lines.iter().map(move |line| (row, line)))
        .map(|(row, line)| {
            [
                text(&row.id),
                Value::Number(line.position),
                Value::Number(line.pieces),
                Value::Number(line.fee.0),
            ]
        })
        .collect();
    let head = format!("INSERT INTO after_sale_lines ({AFTER_SALE_LINE})");
    insert(connection, "writing lines of after-sales", &head, lines, "").await?;
    pictures(connection, unit).await?;

    let changed = with(RowChange::Updated)
        .map(|row| {
            [
                text(&row.id),
                text(row.state),
                Value::NumberOrNull(row.due_ms),
                text(&row.answer),
                text(&row.who),
                Value::NumberOrNull(row.answered_ms),
                text(&row.carrier),
                text(&row.tracking_no),
                Value::NumberOrNull(row.sent_ms),
                Value::NumberOrNull(row.received_ms),
                Value::Number(row.restock.into()),
                text(&row.out_refund_no),
                Value::Number(row.pictures),
                Value::Number(row.cancels_pieces.into()),
            ]
        })
        .collect();
    let head = "UPDATE after_sales SET state = v.column2, due_ms = v.column3, answer = v.column4, who = v.column5, \
                answered_ms = v.column6, carrier = v.column7, tracking_no = v.column8, sent_ms = v.column9, \
                received_ms = v.column10, restock = v.column11, out_refund_no = v.column12, pictures = v.column13, \
                cancels_pieces = v.column14";
    update(connection, "changing after-sales", head, changed, "WHERE after_sales.id = v.column1").await
}

async fn pictures(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let sql = "INSERT INTO after_sale_pictures (after_sale_id, number, media_type, bytes, object) VALUES ($1, $2, $3, $4, $5)";
    for (id, number, picture) in &unit.after_sale_pictures {
        let values = vec![
            text(id),
            Value::Number(*number),
            text(&picture.media_type),
            Value::Bytes(picture.bytes.clone()),
            text(&picture.object),
        ];
        connection.execute("writing a picture of an after-sale", sql, values).await?;
    }
    Ok(())
}
