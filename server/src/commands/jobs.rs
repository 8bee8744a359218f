use server::config::Config;
use shop::FixedClock;

use super::{Outcome, open, progress::Progress};

/// Runs jobs until no due job is left. `now` replaces the current time.
pub(crate) async fn jobs(config: Config, now: Option<jiff::Timestamp>) -> Outcome {
    let shop = match now {
        Some(now) => open(&config, FixedClock { now_ms: now.as_millisecond() }).await?,
        None => open(&config, config.clock()).await?,
    };
    let progress = Progress::begin("running the due jobs");
    let (mut run, mut failed) = (0, 0);
    loop {
        let round = shop.jobs().run_due().await?;
        run += round.run;
        failed += round.failed;
        progress.set_step(format!("running the due jobs: {run} so far"));
        if round.run == 0 {
            break;
        }
    }
    drop(progress);
    tracing::info!(run, failed, "the due jobs have run");
    Ok(())
}
