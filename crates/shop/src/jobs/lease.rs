//! The rows of the jobs: taken by one server at a time, given back, done with.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::JobKind;
use crate::{
    Store, StoreError,
    store::rows::{self, JobRow},
};

impl Store {
    /// Takes the jobs of a kind that are due and that no server holds.
    pub(super) async fn lease(
        &self,
        kind: JobKind,
        lease: String,
        now_ms: i64,
        lease_ms: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        let most = kind.at_once();
        let sql = format!(
            "UPDATE jobs SET lease = $1, leased_ms = $2, tries = tries + 1 WHERE id IN (SELECT id FROM jobs WHERE \
             run_ms <= $3 AND leased_ms < $4 AND kind = $5 ORDER BY run_ms LIMIT {most}{}) RETURNING id, kind, subject, run_ms, \
             tries",
            self.dialect().skip_locked()
        );
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let rows = sqlx::query(AssertSqlSafe(sql))
                        .bind(lease)
                        .bind(now_ms + lease_ms)
                        .bind(now_ms)
                        .bind(now_ms)
                        .bind(kind.as_str())
                        .fetch_all(connection)
                        .await
                        .map_err(StoreError::during("leasing jobs"))?;
                    rows.iter().map(rows::job).collect()
                })
            })
            .await
    }

    /// Plans what is done again and again; it is planned once, however often a server starts.
    pub(super) async fn plan_recurring(&self, kind: &'static str, run_ms: i64) -> Result<(), StoreError> {
        let id = format!("{kind}:daily");
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error) \
                               VALUES ($1, $2, 'daily', $3, 0, 0, '', '') ON CONFLICT (id) DO NOTHING";
                    execute(connection, sqlx::query(sql).bind(id).bind(kind).bind(run_ms)).await
                })
            })
            .await
    }

    /// Keeps a job that is still running. Does nothing where the lease has gone to another server meanwhile.
    pub(super) async fn renew(&self, id: String, lease: String, leased_ms: i64) -> Result<(), StoreError> {
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "UPDATE jobs SET leased_ms = $1 WHERE id = $2 AND lease = $3";
                    execute(connection, sqlx::query(sql).bind(leased_ms).bind(id).bind(lease)).await
                })
            })
            .await
    }

    /// Brings a planned job forward.
    pub(crate) async fn hasten(
        &self,
        kind: &'static str,
        subject: impl ToString,
        run_ms: i64,
    ) -> Result<(), StoreError> {
        let id = format!("{kind}:{}", subject.to_string());
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "UPDATE jobs SET run_ms = $1 WHERE id = $2 AND run_ms > $3";
                    execute(connection, sqlx::query(sql).bind(run_ms).bind(id).bind(run_ms)).await
                })
            })
            .await
    }

    /// The job is done. Does nothing where the lease has gone to another server meanwhile.
    pub(super) async fn finish(&self, id: String, lease: String) -> Result<(), StoreError> {
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql =
                        sqlx::query("DELETE FROM jobs WHERE id = $1 AND lease = $2").bind(id).bind(lease);
                    execute(connection, sql).await
                })
            })
            .await
    }

    /// The job goes on later.
    pub(super) async fn reschedule(
        &self,
        id: String,
        lease: String,
        run_ms: i64,
        last_error: String,
    ) -> Result<(), StoreError> {
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "UPDATE jobs SET run_ms = $1, last_error = $2, leased_ms = 0, lease = '' WHERE id = $3 \
                               AND lease = $4";
                    execute(connection, sqlx::query(sql).bind(run_ms).bind(last_error).bind(id).bind(lease)).await
                })
            })
            .await
    }
}

async fn execute(
    connection: &mut AnyConnection,
    query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
) -> Result<(), StoreError> {
    query.execute(connection).await.map(drop).map_err(StoreError::during("giving a job back"))
}
