//! Writes messages that WeChat pushed.

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
    rows::PUSH,
    unit_of_work::unit::RowChange,
};

pub(super) async fn pushes(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let changed = |change| unit.pushes.values().filter(move |entry| entry.change == change);
    let new = changed(RowChange::Inserted)
        .map(|entry| {
            let row = &entry.row;
            [
                text(&row.id),
                text(row.account),
                Value::Number(row.received_ms),
                text(&row.content),
                Value::NumberOrNull(row.handled_ms),
                text(row.outcome),
            ]
        })
        .collect();
    let head = format!("INSERT INTO pushes ({PUSH})");
    insert(connection, "writing pushes", &head, new, "ON CONFLICT (id) DO NOTHING").await?;
    for entry in changed(RowChange::Updated) {
        let sql = "UPDATE pushes SET handled_ms = $1, outcome = $2 WHERE id = $3";
        let row = &entry.row;
        let values = vec![Value::NumberOrNull(row.handled_ms), text(row.outcome), text(&row.id)];
        connection.execute("writing a push", sql, values).await?;
    }
    Ok(())
}
