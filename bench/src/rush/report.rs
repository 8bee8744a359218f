//! The table, and the checks.

use std::fmt;

use crate::{
    books::Sold,
    page_times::Times,
    shoppers::{Answers, End},
};

/// How many times as long another page may take during the rush.
const MAX_SLOWDOWN: f64 = 2.0;

pub(crate) struct Report {
    pub(crate) answers: Answers,
    pub(crate) calm: Times,
    pub(crate) busy: Times,
    pub(crate) sold: Sold,
    /// The pieces that there were.
    pub(crate) pieces: i64,
}

/// The value below which 99 of 100 are; the values are sorted.
fn p99(sorted: &[f64]) -> f64 {
    sorted.get((sorted.len() * 99 / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

impl Report {
    /// The name of each page, and its p99 before and during the rush, ms.
    fn pages(&self) -> Vec<(&'static str, f64, f64)> {
        let calm = self.calm.iter();
        calm.map(|(name, calm)| (*name, p99(calm), self.busy.get(name).map_or(0.0, |busy| p99(busy))))
            .collect()
    }

    /// Each check that does not hold, in words.
    pub(crate) fn failures(&self) -> Vec<String> {
        let Self { answers, sold, pieces, .. } = self;
        let mut failures = Vec::new();
        let mut check = |holds: bool, words: String| {
            if !holds {
                failures.push(words);
            }
        };
        let placed = answers.ends.get(&End::Placed).copied().unwrap_or_default();
        check(
            i64::try_from(placed) == Ok(*pieces),
            format!("{placed} shoppers got an order, {pieces} wanted"),
        );
        check(
            sold.pieces == *pieces && sold.left == 0,
            format!("{} pieces sold, {} left", sold.pieces, sold.left),
        );
        check(sold.mixed == 0, format!("{} orders have a mixture of prices", sold.mixed));
        check(answers.price_changed > 0, "nobody was told that the price has changed".to_owned());
        for (end, count) in &answers.ends {
            let is_clear = matches!(end, End::Placed | End::SoldOut);
            check(is_clear, format!("{count} shoppers got no clear end: {end}"));
        }
        for (page, calm, busy) in self.pages() {
            check(
                busy < MAX_SLOWDOWN * calm,
                format!("{page}: p99 {busy:.1} ms, {calm:.1} ms without the rush"),
            );
        }
        failures
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answers, sold, .. } = self;
        for (end, count) in &answers.ends {
            writeln!(f, "{count:>7} {end}")?;
        }
        writeln!(f, "{:>7} were told that the price has changed, and tapped again", answers.price_changed)?;
        writeln!(f, "{:>7} orders at the old price, {} at the new one", sold.at_old, sold.at_new)?;
        let rate = answers.times_ms.len() as f64 / answers.seconds;
        writeln!(
            f,
            "{:>7.1} s, {rate:.0} taps a second, p99 of a tap {:.1} ms",
            answers.seconds,
            p99(&answers.times_ms)
        )?;
        writeln!(f, "| page, p99 ms | without | in the rush | ratio | goal | |\n|---|---|---|---|---|---|")?;
        for (page, calm, busy) in self.pages() {
            let met = if busy < MAX_SLOWDOWN * calm { "met" } else { "NOT MET" };
            writeln!(
                f,
                "| {page} | {calm:.2} | {busy:.2} | {:.3} | {MAX_SLOWDOWN:.3} | {met} |",
                busy / calm
            )?;
        }
        for failure in self.failures() {
            writeln!(f, "FAILED: {failure}")?;
        }
        Ok(())
    }
}
