//! When a refund counts as stuck: in the to-do list, and as a discrepancy.

use model::{record::RefundRecord, refund::RefundState};

const HOUR_MS: i64 = 3_600_000;

/// A refund that WeChat has not accepted for this long is in the to-do list, ms. Normally WeChat accepts a refund
/// within seconds.
pub(crate) const NOT_ACCEPTED_MS: i64 = 2 * HOUR_MS;

/// A refund that WeChat has not accepted for this long is a discrepancy, ms.
const DISCREPANCY_MS: i64 = 24 * HOUR_MS;

/// An accepted refund that has not ended for this long is in the to-do list and is a discrepancy, ms. A bank may take
/// three working days.
pub(crate) const NOT_ARRIVED_MS: i64 = 7 * 24 * HOUR_MS;

/// Whether a refund has been stuck long enough to be a discrepancy.
pub(super) fn is_discrepancy(refund: &RefundRecord, now_ms: i64) -> bool {
    let age_ms = now_ms - refund.created_ms;
    match refund.state {
        RefundState::Requested => age_ms >= DISCREPANCY_MS,
        RefundState::Processing => age_ms >= NOT_ARRIVED_MS,
        // an abnormal refund has its own discrepancy from the beginning
        RefundState::Abnormal | RefundState::Success | RefundState::Closed => false,
    }
}
