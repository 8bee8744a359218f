//! Writes complaints, their negotiation, and the answers of staff.

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
    rows::{COMPLAINT, COMPLAINT_ANSWER, COMPLAINT_ENTRY},
};

pub(super) async fn complaints(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let changed = unit.complaints.values().filter(|entry| entry.change == RowChange::Updated);
    let rows = changed
        .map(|entry| {
            let row = &entry.row;
            [
                text(&row.id),
                text(row.state),
                text(row.order_id.as_ref().map(ToString::to_string).unwrap_or_default()),
                text(&row.out_trade_no),
                text(&row.transaction_id),
                text(row.problem),
                text(&row.problem_words),
                Value::Number(row.refund_wanted.0),
                text(&row.detail),
                text(&row.sealed_phone),
                text(row.pictures.join("\n")),
                Value::Number(row.times),
                Value::Number(row.is_fully_refunded.into()),
                Value::Number(row.has_unanswered_response.into()),
                text(&row.newest_of_shopper),
                Value::Number(row.complained_ms),
                Value::NumberOrNull(row.read_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO complaints ({COMPLAINT})");
    let columns = COMPLAINT.split(',').map(str::trim).filter(|name| *name != "id");
    let set: Vec<String> = columns.map(|name| format!("{name} = excluded.{name}")).collect();
    let tail = format!("ON CONFLICT (id) DO UPDATE SET {}", set.join(", "));
    insert(connection, "writing complaints", &head, rows, &tail).await?;

    let rows = unit
        .complaint_entries
        .iter()
        .map(|row| {
            [
                text(&row.complaint_id),
                text(&row.log_id),
                text(row.writer),
                text(&row.kind),
                text(&row.text),
                text(row.pictures.join("\n")),
                Value::Number(row.at_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO complaint_entries ({COMPLAINT_ENTRY})");
    insert(connection, "writing entries of complaints", &head, rows, "ON CONFLICT DO NOTHING").await?;

    let changed = unit.complaint_answers.values().filter(|entry| entry.change == RowChange::Updated);
    let rows = changed
        .map(|entry| {
            let row = &entry.row;
            [
                text(&row.id),
                text(&row.complaint_id),
                text(row.kind),
                text(&row.text),
                text(&row.who),
                text(row.state),
                text(&row.code),
                text(&row.message),
                Value::Number(row.created_ms),
                Value::Number(row.changed_ms),
            ]
        })
        .collect();
    let head = format!("INSERT INTO complaint_answers ({COMPLAINT_ANSWER})");
    let tail = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code, \
                message = excluded.message, changed_ms = excluded.changed_ms";
    insert(connection, "writing answers to complaints", &head, rows, tail).await
}
