use std::time::Duration;

use shop::{JobKind, Jobs, Payments, Privacy, Products};
use tokio::sync::watch;

/// How often the server looks for due jobs, and for changes of another server.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How often the server downloads the platform certificates. WeChat publishes a new one days before it signs with it.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// Reloads the catalogue and the list of ended sessions within a second after another server changed them, until the
/// server stops.
pub(crate) async fn refresh_caches(products: Products, privacy: Privacy, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(POLL_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = products.refresh().await {
            tracing::warn!(%error, "could not reload the catalogue");
        }
        if let Err(error) = privacy.refresh_ended_sessions().await {
            tracing::warn!(%error, "could not reload the ended sessions");
        }
    }
}

/// Downloads WeChat Pay's platform certificates regularly, until the server stops.
pub(crate) async fn keep_certificates(payments: Payments, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(CERTIFICATES_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        payments.update_certificates().await;
    }
}

/// Runs the shop's jobs until the server stops. Each kind has its own loop, so that a slow bill does not delay queries
/// and refunds. After the stop, the running jobs end if the server waits long enough.
pub(crate) async fn run(jobs: Jobs, stop: watch::Receiver<bool>) {
    if let Err(error) = jobs.plan_recurring().await {
        tracing::error!(%error, "the recurring jobs were not added: bills are not compared, and complaints are not listed");
    }
    let kinds = JobKind::ALL.iter().map(|kind| run_kind(jobs.clone(), *kind, stop.clone()));
    futures::future::join_all(kinds).await;
}

async fn run_kind(jobs: Jobs, kind: JobKind, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(POLL_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        // one round leases a limited number of jobs
        while !*stop.borrow() {
            match jobs.run_due_of(kind).await {
                Ok(round) if round.more => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, "jobs could not be run");
                    break;
                }
            }
        }
    }
}
