use std::time::Duration;

use shop::{JobKind, Shop};
use tokio::sync::watch;

/// How often the shop looks whether a job is due.
const EVERY: Duration = Duration::from_secs(1);

/// How often the platform's certificates are fetched: a new one is announced days before it signs.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// Sees what was changed of the catalogue on another server, within a second, until the server stops.
pub(crate) async fn keep_catalogue(shop: Shop, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = shop.refresh_catalogue().await {
            tracing::warn!(%error, "the catalogue was not looked at");
        }
    }
}

/// Fetches WeChat Pay's platform certificates now and then, until the server stops.
pub(crate) async fn keep_certificates(shop: Shop, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(CERTIFICATES_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        shop.update_certificates().await;
    }
}

/// Runs the shop's jobs until the server stops, each kind in a loop of its own: a bill that takes minutes keeps no query
/// and no refund waiting. Jobs that have begun are finished.
pub(crate) async fn run(shop: Shop, stop: watch::Receiver<bool>) {
    if let Err(error) = shop.plan_daily_jobs().await {
        tracing::error!(%error, "the daily jobs were not planned: bills are not compared");
    }
    let kinds = JobKind::ALL.iter().map(|kind| run_kind(shop.clone(), *kind, stop.clone()));
    futures::future::join_all(kinds).await;
}

async fn run_kind(shop: Shop, kind: JobKind, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        // what has piled up is worked off, but for the stop
        while !*stop.borrow() {
            match shop.run_due_jobs_of(kind).await {
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
