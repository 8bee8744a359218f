use server::config::Config;
use shop::{Reconciliation, advice_for, shanghai};

use super::{Outcome, open, progress::Progress, say};

/// Queries WeChat about all open payments and refunds, and prints the open discrepancies.
pub(crate) async fn reconcile(config: Config) -> Outcome {
    let shop = open(&config, config.clock()).await?;
    let progress = Progress::begin("asking WeChat about everything that is open");
    let done = shop.reconciliation().reconcile().await?;
    drop(progress);
    say(&format!("{} open attempts: {} are paid, {} are closed", done.attempts, done.paid, done.closed));
    say(&format!("{} open refunds: {} have ended", done.refunds, done.ended));
    if done.failed > 0 {
        say(&format!("{} questions got no answer: see the log, and try again", done.failed));
    }
    show(shop.reconciliation()).await
}

/// Prints the open discrepancies, or resolves one.
pub(crate) async fn differences(config: Config, resolve: Option<String>, note: Option<String>) -> Outcome {
    let shop = open(&config, config.clock()).await?;
    if let Some(id) = resolve {
        let open = shop.reconciliation().resolve_discrepancy(&id, &note.unwrap_or_default()).await?;
        say(if open { "written down" } else { "there is no open discrepancy with this id" });
        return Ok(());
    }
    show(shop.reconciliation()).await
}

async fn show(reconciliation: &Reconciliation) -> Outcome {
    let differences = reconciliation.open_discrepancies().await?;
    say(&format!("{} open differences", differences.len()));
    for difference in differences {
        let (last, times) = (shanghai(difference.last_ms).strftime("%F %T"), difference.times);
        say(&format!("{} {} ({times} times, last {last})", difference.kind, difference.out_trade_no));
        say(&format!("  {}", difference.detail));
        say(&format!("  what to do: {}", advice_for(difference.kind)));
        say(&format!("  then: server differences --resolve '{}' --note '…'", difference.id));
    }
    Ok(())
}
