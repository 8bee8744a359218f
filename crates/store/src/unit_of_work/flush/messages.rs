//! Writes messages to shoppers and staff (the outbox).

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
    rows::MESSAGE,
    unit_of_work::unit::RowChange,
};

pub(super) async fn messages(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let changed = |change| unit.messages.values().filter(move |entry| entry.change == change);
    let new = changed(RowChange::Inserted)
        .map(|entry| {
            let row = &entry.row;
            [
                text(&row.id),
                text(row.subject),
                text(row.channel),
                text(&row.recipient),
                text(row.order_id.as_ref().map(ToString::to_string).unwrap_or_default()),
                text(&row.about),
                text(row.state),
                text(&row.sender),
                text(&row.code),
                text(&row.detail),
                Value::Number(row.created_ms),
                Value::Number(row.changed_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO messages ({MESSAGE})");
    // a known message does not change
    insert(connection, "writing messages", &head, new, "ON CONFLICT (id) DO NOTHING").await?;
    for entry in changed(RowChange::Updated) {
        let sql = "UPDATE messages SET channel = $1, state = $2, sender = $3, code = $4, detail = $5, changed_ms = $6 \
                   WHERE id = $7";
        let row = &entry.row;
        let values = vec![
            text(row.channel),
            text(row.state),
            text(&row.sender),
            text(&row.code),
            text(&row.detail),
            Value::Number(row.changed_ms),
            text(&row.id),
        ];
        connection.execute("writing a message", sql, values).await?;
    }
    Ok(())
}
