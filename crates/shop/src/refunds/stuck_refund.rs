//! Refunds that are stuck: when staff see them, and where.

use model::{record::RefundRecord, refund::RefundState};

const HOUR_MS: i64 = 3_600_000;

/// WeChat accepts a refund within seconds. A refund that it has not accepted for so long is in the to-do list.
pub(crate) const NOT_ACCEPTED_MS: i64 = 2 * HOUR_MS;

/// A refund that WeChat has not accepted for so long is a discrepancy.
const DISCREPANCY_MS: i64 = 24 * HOUR_MS;

/// A bank may take three working days. An accepted refund that takes longer is in the to-do list, and is a discrepancy.
pub(crate) const NOT_ARRIVED_MS: i64 = 7 * 24 * HOUR_MS;

/// Whether a refund has been stuck for so long that it is a discrepancy.
pub(super) fn is_discrepancy(refund: &RefundRecord, now_ms: i64) -> bool {
    let age_ms = now_ms - refund.created_ms;
    match refund.state {
        RefundState::Requested => age_ms >= DISCREPANCY_MS,
        RefundState::Processing => age_ms >= NOT_ARRIVED_MS,
        // an abnormal refund is a discrepancy of its own from the first moment
        RefundState::Abnormal | RefundState::Success | RefundState::Closed => false,
    }
}
