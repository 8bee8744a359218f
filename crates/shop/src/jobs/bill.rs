use wechat::bill::BillDate;

use super::Outcome;
use crate::{Jobs, ShopError, clock::DAY_MS};

/// The time of the day at which the job runs, ms after midnight in Shanghai. WeChat's bill of a day is ready at 10:00
/// the next morning; the job runs five minutes later.
const READY_MS: i64 = (10 * 60 + 5) * 60 * 1000;

/// The number of past days whose missed bills the job compares.
const CATCH_UP: i64 = 7;

impl Jobs {
    /// Compares the missing bills of past days with the books, the oldest first. If a day fails, the job compares the
    /// other days and tries that day again later.
    pub(super) async fn bill_job(&self) -> Result<Outcome, ShopError> {
        let now_ms = self.clock.now_ms();
        let today = last_ready(now_ms).begins_at();
        let mut failed = None;
        for days in (1..=CATCH_UP).rev() {
            let date = BillDate::of(today - days * DAY_MS / 1000);
            if self.store.has_bill(&date.to_string()).await? {
                continue;
            }
            let report = match self.reconciliation.compare_bill(date).await {
                Ok(report) => report,
                Err(error) => {
                    tracing::error!(day = %date, %error, "a bill was not compared with the books: it is tried again");
                    failed = Some(error);
                    continue;
                }
            };
            tracing::info!(
                day = %date,
                payments = report.sums.payments,
                refunds = report.sums.refunds,
                foreign = report.foreign.len(),
                discrepancies = report.discrepancies.len(),
                "a bill was compared with the books"
            );
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(Outcome::RunAgain(next_ms(now_ms))),
        }
    }
}

/// The newest day in Shanghai on which a bill has become ready.
fn last_ready(now_ms: i64) -> BillDate {
    BillDate::of((now_ms - READY_MS).div_euclid(1000))
}

/// The next time at which a bill becomes ready, ms since 1970.
pub(super) fn next_ms(now_ms: i64) -> i64 {
    last_ready(now_ms).begins_at() * 1000 + DAY_MS + READY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_bill_is_fetched_at_five_past_ten_in_shanghai() {
        let at = |text| next_ms(ms(text));
        assert_eq!(at("2026-11-21T10:04:59+08:00"), ms("2026-11-21T10:05:00+08:00"));
        assert_eq!(at("2026-11-21T10:05:00+08:00"), ms("2026-11-22T10:05:00+08:00"));
        assert_eq!(at("2026-11-21T00:00:00+08:00"), ms("2026-11-21T10:05:00+08:00"));
        assert_eq!(at("2026-11-21T23:59:59+08:00"), ms("2026-11-22T10:05:00+08:00"));
    }
}
