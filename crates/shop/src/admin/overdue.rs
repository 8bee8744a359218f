use model::delivery::REPORT_ALARM_MS;
use store::Overdue;

use crate::refunds::{NOT_ACCEPTED_MS, NOT_ARRIVED_MS};

/// What counts as overdue in the console's lists at this time, ms.
pub(super) const fn overdue(now_ms: i64) -> Overdue {
    Overdue {
        not_reported_before_ms: now_ms - REPORT_ALARM_MS,
        unfinished_before_ms: now_ms - NOT_ARRIVED_MS,
        not_accepted_before_ms: now_ms - NOT_ACCEPTED_MS,
    }
}
