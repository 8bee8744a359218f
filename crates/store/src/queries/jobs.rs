//! The rows of jobs. A server leases a job, runs it, and deletes or reschedules it.

use std::time::Duration;

use model::{job::JobKind, record::JobRecord};

use super::ms;
use crate::{
    Store, StoreError,
    driver::{Row, Value, text},
    rows,
};

const CONTEXT: &str = "updating a job";

impl Store {
    /// Leases the due jobs of a kind that no server holds: at most `limit`. `now_ms` is the shop's time, which decides
    /// which jobs are due. The lease uses the database's clock, so that servers with different clocks agree.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn lease_jobs(
        &self,
        kind: JobKind,
        limit: u8,
        lease: String,
        now_ms: i64,
        length: Duration,
    ) -> Result<Vec<JobRecord>, StoreError> {
        let sql = format!(
            "UPDATE jobs SET lease = $1, leased_ms = {now} + $2, tries = tries + 1 WHERE id IN (SELECT id FROM jobs \
             WHERE run_ms <= $3 AND leased_ms < {now} AND kind = $4 ORDER BY run_ms LIMIT {limit}{skip_locked}) \
             RETURNING id, kind, subject, run_ms, tries",
            now = self.now_ms(),
            skip_locked = self.dialect.skip_locked()
        );
        self.exclusive(move |connection| {
            Box::pin(async move {
                let values = vec![text(lease), Value::Number(ms(length)), Value::Number(now_ms), text(kind)];
                let rows = connection.fetch("leasing jobs", &sql, values).await?;
                rows.iter().map(job).collect()
            })
        })
        .await
    }

    /// Adds a recurring job, if it does not exist yet.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn enqueue_recurring(&self, kind: JobKind, run_ms: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error) \
                   VALUES ($1, $2, 'daily', $3, 0, 0, '', '') ON CONFLICT (id) DO NOTHING";
        let values = vec![text(format!("{kind}:daily")), text(kind), Value::Number(run_ms)];
        self.execute(CONTEXT, sql, values).await
    }

    /// Extends the lease of a running job until `length` from now. Does nothing if another server holds the lease now.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn renew_job(&self, id: &str, lease: &str, length: Duration) -> Result<(), StoreError> {
        let sql = format!("UPDATE jobs SET leased_ms = {} + $1 WHERE id = $2 AND lease = $3", self.now_ms());
        let values = vec![Value::Number(ms(length)), text(id), text(lease)];
        self.exclusive(move |connection| {
            Box::pin(async move { connection.execute(CONTEXT, &sql, values).await.map(drop) })
        })
        .await
    }

    /// Moves a job to an earlier time. Does nothing if the job is due earlier, or does not exist. A job that runs now loses its
    /// lease: it may have read the rows before they changed, so it runs again, and its own end changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn run_job_now(
        &self,
        kind: JobKind,
        subject: impl ToString,
        run_ms: i64,
    ) -> Result<(), StoreError> {
        let id = format!("{kind}:{}", subject.to_string());
        let sql = "UPDATE jobs SET run_ms = CASE WHEN run_ms > $1 THEN $2 ELSE run_ms END, leased_ms = 0, lease = '' \
                   WHERE id = $3 AND (run_ms > $4 OR lease <> '')";
        let run_ms = || Value::Number(run_ms);
        self.execute(CONTEXT, sql, vec![run_ms(), run_ms(), text(id), run_ms()]).await
    }

    /// Deletes a job that is done. Does nothing if another server holds the lease now.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn finish_job(&self, id: &str, lease: &str) -> Result<(), StoreError> {
        self.execute(CONTEXT, "DELETE FROM jobs WHERE id = $1 AND lease = $2", vec![text(id), text(lease)])
            .await
    }

    /// Releases the lease of a job and runs it again at `run_ms`. Does nothing if another server holds the lease now.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn reschedule_job(
        &self,
        id: &str,
        lease: &str,
        run_ms: i64,
        last_error: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE jobs SET run_ms = $1, last_error = $2, leased_ms = 0, lease = '' WHERE id = $3 AND lease = $4";
        self.execute(CONTEXT, sql, vec![Value::Number(run_ms), text(last_error), text(id), text(lease)]).await
    }

    /// The number of due jobs, and the time since when the oldest of them is due, ms.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn due_jobs(&self, now_ms: i64) -> Result<(i64, Option<i64>), StoreError> {
        let sql = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS due, MIN(run_ms) AS oldest_ms FROM jobs WHERE run_ms <= {now_ms}"
        );
        let rows = self.select(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok((0, None)) };
        Ok((rows::number(row, "due")?, rows::number_or_null(row, "oldest_ms")?))
    }
}

fn job(row: &Row) -> Result<JobRecord, StoreError> {
    Ok(JobRecord {
        id: rows::text(row, "id")?,
        kind: rows::text(row, "kind")?,
        subject: rows::text(row, "subject")?,
        run_ms: rows::number(row, "run_ms")?,
        tries: rows::number(row, "tries")?,
    })
}
