//! What is done later. A job is a row: written by the transaction that makes it necessary, leased by whichever
//! server comes first, run until it says that it is done. Every job may run twice; none does harm by it.

mod bill;
mod close;
mod expire;
mod lease;
mod query;
mod refund;

use tracing::Instrument;

use crate::{Shop, ShopError, StoreError, clock::ms, ids::nonce, store::rows::JobRow};

/// Ask WeChat about an attempt that no notification has settled. Subject: `out_trade_no`.
pub(crate) const QUERY: &str = "query";

/// Close an attempt that was left open beside a newer one, as soon as WeChat lets it. Subject: `out_trade_no`.
pub(crate) const CLOSE: &str = "close";

/// Close an order whose time to pay is over. Subject: the order's id.
pub(crate) const EXPIRE: &str = "expire";

/// Ask WeChat for a refund, and how far it is. Subject: `out_refund_no`.
pub(crate) const REFUND: &str = "refund";

/// Compare yesterday's bill with the books, every day. Subject: `daily`.
pub(crate) const BILL: &str = "bill";

/// While WeChat does not let an attempt be closed, it is asked again after this long. ms.
const AGAIN_MS: i64 = 60_000;

/// A lease ends by itself, in case its server died. ms.
const LEASE_MS: i64 = 60_000;

/// Jobs taken at once.
const BATCH: u8 = 16;

/// How a job ended.
pub(super) enum Outcome {
    /// There is nothing left to do.
    Done,
    /// It goes on at this time, ms.
    Again(i64),
}

/// What a round of jobs did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Jobs that were run.
    pub run: usize,
    /// Those of them that failed and will be tried again.
    pub failed: usize,
    /// Whether more may be due: there were as many as are taken at once.
    pub more: bool,
}

impl Shop {
    /// Runs the jobs that are due, a batch at most.
    ///
    /// # Errors
    /// A failing database. A failing job is tried again later and is no error here.
    pub async fn run_due_jobs(&self) -> Result<Round, StoreError> {
        let lease = nonce(self.ids());
        let due = self.store().lease(lease.clone(), self.clock().now_ms(), LEASE_MS, BATCH).await?;
        let mut round = Round { run: due.len(), failed: 0, more: due.len() >= usize::from(BATCH) };
        let runs = due.into_iter().map(|job| {
            let span = tracing::info_span!("job", id = job.id, tries = job.tries);
            self.run_leased(job, lease.clone()).instrument(span)
        });
        for ran in futures::future::join_all(runs).await {
            round.failed += usize::from(!ran?);
        }
        Ok(round)
    }

    /// Runs one job and gives its lease back. Says whether it went well.
    async fn run_leased(&self, job: JobRow, lease: String) -> Result<bool, StoreError> {
        match self.run(&job).await {
            Ok(Outcome::Done) => self.store().finish(job.id, lease).await.map(|()| true),
            Ok(Outcome::Again(at_ms)) => {
                self.store().reschedule(job.id, lease, at_ms, String::new()).await.map(|()| true)
            }
            Err(error) => {
                let at_ms = self.clock().now_ms() + back_off_ms(job.tries);
                tracing::warn!(%error, "a job failed and will be tried again");
                self.store().reschedule(job.id, lease, at_ms, error.to_string()).await.map(|()| false)
            }
        }
    }

    async fn run(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        match job.kind.as_str() {
            QUERY => self.query_job(job).await,
            CLOSE => self.close_job(job).await,
            EXPIRE => self.expire_job(job).await,
            REFUND => self.refund_job(job).await,
            BILL => self.bill_job().await,
            _ => Err(ShopError::BadRequest("a job of an unknown kind: run the version that made it")),
        }
    }

    /// When WeChat is asked for the next time, after it was asked so often; `None` when it is the end's turn.
    fn next_query_ms(&self, tries: i64) -> Option<i64> {
        let interval = self.settings().query_intervals.get(usize::try_from(tries).ok()?)?;
        Some(self.clock().now_ms() + ms(*interval))
    }
}

/// 5 s, 10 s, 20 s … an hour.
fn back_off_ms(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 11) - 1).unwrap_or(0);
    (5_000_i64 << doublings).min(3_600_000)
}
