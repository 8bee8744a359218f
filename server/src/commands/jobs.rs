use server::{Metrics, config::Config, open_shop};
use shop::{FixedClock, SystemClock};

use super::Outcome;

/// Runs the jobs that are due, as if it were `now` where that is given, until none is left.
pub(crate) async fn jobs(config: Config, now: Option<jiff::Timestamp>) -> Outcome {
    let shop = match now {
        Some(now) => open_shop(&config, FixedClock { now_ms: now.as_millisecond() }, &Metrics::new()).await?,
        None => open_shop(&config, SystemClock, &Metrics::new()).await?,
    };
    let (mut run, mut failed) = (0, 0);
    loop {
        let round = shop.run_due_jobs().await?;
        run += round.run;
        failed += round.failed;
        if round.run == 0 {
            break;
        }
    }
    tracing::info!(run, failed, "the due jobs have run");
    Ok(())
}
