//! Writes new jobs. A job that exists does not change.

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
};

pub(super) async fn jobs(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let new: Vec<_> = unit
        .jobs
        .iter()
        .map(|job| {
            [
                text(&job.id),
                text(&job.kind),
                text(&job.subject),
                Value::Number(job.run_ms),
                Value::Number(job.tries),
                Value::Number(0),
                text(""),
                text(""),
            ]
        })
        .collect();
    let head = "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error)";
    insert(connection, "writing jobs", head, new, "ON CONFLICT (id) DO NOTHING").await
}
