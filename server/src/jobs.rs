use std::time::Duration;

use shop::{JobKind, Jobs, Payments, Privacy, Products};
use tokio::sync::watch;

/// How often the server checks for due jobs.
const EVERY: Duration = Duration::from_secs(1);

/// How often the server downloads the platform certificates: WeChat publishes a new one days before it signs.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// Reloads the catalogue, and the list of ended sessions, within a second after another server changed it, until the server stops.
pub(crate) async fn keep_copies(products: Products, privacy: Privacy, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = products.refresh().await {
            tracing::warn!(%error, "the catalogue was not looked at");
        }
        if let Err(error) = privacy.refresh_ended_sessions().await {
            tracing::warn!(%error, "the ended sessions were not looked at");
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

/// Runs the shop's jobs until the server stops, each kind in its own loop, so that a slow bill does not delay queries and
/// refunds. Running jobs are finished.
pub(crate) async fn run(jobs: Jobs, stop: watch::Receiver<bool>) {
    if let Err(error) = jobs.plan_daily().await {
        tracing::error!(%error, "the daily jobs were not planned: bills are not compared");
    }
    let kinds = JobKind::ALL.iter().map(|kind| run_kind(jobs.clone(), *kind, stop.clone()));
    futures::future::join_all(kinds).await;
}

async fn run_kind(jobs: Jobs, kind: JobKind, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        // work off what is due, unless the server stops
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
