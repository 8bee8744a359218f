//! Writes discrepancies and their resolutions.

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
};

pub(super) async fn discrepancies(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    // one statement each: PostgreSQL refuses the same row twice in one ON CONFLICT DO UPDATE
    for row in &unit.discrepancies {
        let values = vec![[
            text(&row.id),
            text(row.kind),
            text(&row.out_trade_no),
            Value::Number(row.at_ms),
            Value::Number(row.at_ms),
            Value::Number(1),
            text(&row.detail),
            Value::Bytes(row.payload.clone()),
            text(&row.resolution),
        ]];
        let head = "INSERT INTO differences (id, kind, out_trade_no, first_ms, last_ms, times, detail, payload, resolution)";
        let tail = "ON CONFLICT (id) DO UPDATE SET last_ms = excluded.last_ms, times = differences.times + 1, \
                    resolution = CASE WHEN differences.resolution = '' THEN excluded.resolution ELSE \
                    differences.resolution END";
        insert(connection, "writing a discrepancy", head, values, tail).await?;
    }
    for (id, resolution) in &unit.resolutions {
        // most refunds have no discrepancy, so a statement that finds no row is not an error
        let sql = "UPDATE differences SET resolution = $1 WHERE id = $2 AND resolution = ''";
        connection.execute("resolving a discrepancy", sql, vec![text(resolution), text(id)]).await?;
    }
    Ok(())
}
