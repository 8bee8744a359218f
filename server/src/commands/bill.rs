use server::config::Config;
use shop::advice_for;
use wechat::bill::BillDate;

use super::{Outcome, open, progress::Progress, say};

/// Compares WeChat's bill of a day with the books, and prints the result.
pub(crate) async fn bill(config: Config, day: &str) -> Outcome {
    let day = BillDate::parse(day)?;
    let shop = open(&config, config.clock()).await?;
    let progress = Progress::begin(&format!("comparing WeChat's bill of {day} with the books"));
    let report = shop.reconciliation().compare_bill(day).await?;
    drop(progress);
    let sums = report.sums;
    say(&format!("{day}: {} payments, {} fen", sums.payments, sums.order_fee.0));
    say(&format!("{day}: {} refunds, {} fen", sums.refunds, sums.refund_fee.0));
    for number in &report.foreign {
        say(&format!("another system's: {number}"));
    }
    for (kind, number, detail, done) in &report.discrepancies {
        say(&format!("{kind} {number}: {detail}"));
        say(&format!("  {}", if done.is_empty() { advice_for(*kind) } else { done }));
    }
    if report.discrepancies.is_empty() {
        say("the bill and the books agree");
    }
    Ok(())
}
