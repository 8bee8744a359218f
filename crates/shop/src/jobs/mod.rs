//! Jobs: work that a server does later, also after a crash. Most jobs are written in the commit that needs them. A
//! server leases a due job and runs it. A job may run twice without harm.

mod after_sale;
mod bill;
mod close;
mod complaint;
mod delivery_report;
mod expire;
mod message;
mod push;
mod query;
mod recurring;
mod refund;
mod unused_pictures;

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures::future::Either;
use model::{job::JobKind, record::JobRecord};
use store::{Store, StoreError};
use tracing::Instrument;

use crate::{
    AfterSales, Clock, Complaints, Ids, Messages, Payments, Pictures, Pushes, Reconciliation, Refunds,
    Shipping, ShopError, clock::ms, ids::nonce, shop::Parts,
};

/// The pause before the next try while WeChat refuses to close an attempt, or while the order of a pushed message is
/// missing, ms.
const RETRY_PAUSE_MS: i64 = 60_000;

/// The duration of a lease. The lease of a dead server ends by itself.
const LEASE: Duration = Duration::from_secs(60);

/// How often a server renews the lease of a running job.
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// How a job ended.
pub(super) enum Outcome {
    /// There is nothing left to do.
    Done,
    /// The job runs again at this time, ms since 1970.
    RunAgain(i64),
}

/// The result of one round of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobRound {
    /// The number of jobs that ran.
    pub run: usize,
    /// The number of jobs that failed and will run again.
    pub failed: usize,
    /// Whether more jobs may be due: one kind reached its limit.
    pub more: bool,
}

/// The handle of jobs: leases the due jobs and runs them.
#[derive(Clone)]
pub struct Jobs {
    payments: Payments,
    refunds: Refunds,
    after_sales: AfterSales,
    reconciliation: Reconciliation,
    pushes: Pushes,
    shipping: Shipping,
    messages: Messages,
    complaints: Complaints,
    pictures: Pictures,
    store: Store,
    /// The pauses between the queries about an open attempt (`SHOP_QUERY_INTERVALS_S`).
    query_intervals: Vec<Duration>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The handles whose use cases the jobs call.
pub(crate) struct Handles<'a> {
    pub(crate) payments: &'a Payments,
    pub(crate) refunds: &'a Refunds,
    pub(crate) after_sales: &'a AfterSales,
    pub(crate) reconciliation: &'a Reconciliation,
    pub(crate) pushes: &'a Pushes,
    pub(crate) shipping: &'a Shipping,
    pub(crate) messages: &'a Messages,
    pub(crate) complaints: &'a Complaints,
    pub(crate) pictures: &'a Pictures,
}

impl Jobs {
    pub(crate) fn new(parts: &Parts, handles: &Handles<'_>) -> Self {
        Self {
            payments: handles.payments.clone(),
            refunds: handles.refunds.clone(),
            after_sales: handles.after_sales.clone(),
            reconciliation: handles.reconciliation.clone(),
            pushes: handles.pushes.clone(),
            shipping: handles.shipping.clone(),
            messages: handles.messages.clone(),
            complaints: handles.complaints.clone(),
            pictures: handles.pictures.clone(),
            store: parts.store.clone(),
            query_intervals: parts.settings.query_intervals.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
        }
    }

    /// Runs the due jobs of all kinds, each up to its limit.
    ///
    /// # Errors
    /// A failing database. A failing job runs again later and is not an error here.
    pub async fn run_due(&self) -> Result<JobRound, StoreError> {
        let rounds = JobKind::ALL.iter().map(|kind| self.run_due_of(*kind));
        let mut all = JobRound::default();
        for round in futures::future::join_all(rounds).await {
            let round = round?;
            all.run += round.run;
            all.failed += round.failed;
            all.more |= round.more;
        }
        Ok(all)
    }

    /// Runs the due jobs of one kind, up to its limit.
    ///
    /// # Errors
    /// As [`Jobs::run_due`].
    pub async fn run_due_of(&self, kind: JobKind) -> Result<JobRound, StoreError> {
        let lease = nonce(&*self.ids);
        let limit = at_once(kind);
        let due = self.store.lease_jobs(kind, limit, lease.clone(), self.clock.now_ms(), LEASE).await?;
        let mut round = JobRound { run: due.len(), failed: 0, more: due.len() >= usize::from(limit) };
        let runs = due.into_iter().map(|job| {
            let span = tracing::info_span!("job", id = job.id, tries = job.tries);
            self.run_leased(job, lease.clone()).instrument(span)
        });
        for ran in futures::future::join_all(runs).await {
            round.failed += usize::from(!ran?);
        }
        Ok(round)
    }

    /// Runs one leased job, then deletes or reschedules it. Returns whether it succeeded.
    async fn run_leased(&self, job: JobRecord, lease: String) -> Result<bool, StoreError> {
        let ran = {
            let running = std::pin::pin!(self.run(&job));
            let renewing = std::pin::pin!(self.renew_lease(&job.id, &lease));
            match futures::future::select(running, renewing).await {
                Either::Left((ran, _)) => ran,
                Either::Right((never, _)) => match never {},
            }
        };
        match ran {
            Ok(Outcome::Done) => self.store.finish_job(&job.id, &lease).await.map(|()| true),
            Ok(Outcome::RunAgain(at_ms)) => {
                self.store.reschedule_job(&job.id, &lease, at_ms, "").await.map(|()| true)
            }
            Err(error) => {
                let at_ms = self.clock.now_ms() + back_off_ms(job.tries);
                tracing::warn!(%error, "a job failed and will be tried again");
                self.store.reschedule_job(&job.id, &lease, at_ms, &error.to_string()).await.map(|()| false)
            }
        }
    }

    /// Renews the lease of a running job until the future is dropped.
    async fn renew_lease(&self, id: &str, lease: &str) -> Infallible {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            if let Err(error) = self.store.renew_job(id, lease, LEASE).await {
                // the next round of the loop tries again; without a lease the job may run twice, without harm
                tracing::warn!(%error, id, "a lease was not renewed");
            }
        }
    }

    async fn run(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        match job.kind.parse() {
            Ok(JobKind::Query) => self.query_job(job).await,
            Ok(JobKind::Close) => self.close_job(job).await,
            Ok(JobKind::Expire) => self.expire_job(job).await,
            Ok(JobKind::Refund) => self.refund_job(job).await,
            Ok(JobKind::Push) => self.push_job(job).await,
            Ok(JobKind::DeliveryReport) => self.delivery_report_job(job).await,
            Ok(JobKind::Receipt) => self.receipt_job(job).await,
            Ok(JobKind::Message) => self.message_job(job).await,
            Ok(JobKind::Complaint) => self.complaint_job(job).await,
            Ok(JobKind::ComplaintAnswer) => self.complaint_answer_job(job).await,
            Ok(JobKind::ComplaintPoll) => self.complaint_poll_job().await,
            Ok(JobKind::AfterSale) => self.after_sale_job(job).await,
            Ok(JobKind::UnusedPictures) => self.unused_pictures_job(job).await,
            Ok(JobKind::Bill) => self.bill_job().await,
            Err(_) => Err(ShopError::BadRequest("a job of an unknown kind: run the version that made it")),
        }
    }

    /// The time of the next query after `tries` queries, ms; `None` after the last interval: then only the `expire` job
    /// queries.
    fn next_query_ms(&self, tries: i64) -> Option<i64> {
        let interval = self.query_intervals.get(usize::try_from(tries).ok()?)?;
        Some(self.clock.now_ms() + ms(*interval))
    }
}

/// The maximum number of jobs of a kind that one server runs at the same time. Each kind has its own limit, so that a
/// slow bill does not delay refunds.
const fn at_once(kind: JobKind) -> u8 {
    match kind {
        JobKind::Query | JobKind::Expire => 16,
        JobKind::Close
        | JobKind::Refund
        | JobKind::Push
        | JobKind::DeliveryReport
        | JobKind::Receipt
        | JobKind::Message
        | JobKind::Complaint
        | JobKind::ComplaintAnswer
        | JobKind::AfterSale
        | JobKind::UnusedPictures => 8,
        JobKind::Bill | JobKind::ComplaintPoll => 1,
    }
}

/// The exponential back-off after so many tries: 5 s, 10 s, 20 s … an hour.
fn back_off_ms(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 11) - 1).unwrap_or(0);
    (5_000_i64 << doublings).min(3_600_000)
}
