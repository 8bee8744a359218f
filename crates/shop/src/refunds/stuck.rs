//! Refunds that do not get on: when a person hears of them, and where.

use crate::store::rows::RefundRow;
use model::refund::RefundState;

const HOUR_MS: i64 = 3_600_000;

/// WeChat accepts a refund within seconds: one that it has not accepted for so long is on the list of things to do.
const NOT_ACCEPTED_MS: i64 = 2 * HOUR_MS;

/// A refund that WeChat has not accepted for so long is a difference.
const DIFFERENT_MS: i64 = 24 * HOUR_MS;

/// A bank may take three working days; an accepted refund that takes longer is on the list, and is a difference.
const NOT_ARRIVED_MS: i64 = 7 * 24 * HOUR_MS;

/// The difference that shows a refund which does not get on.
pub(crate) const REFUND_STUCK: &str = "refund_stuck";

/// The refunds that somebody has to look at now, in SQL: those that the payer's account did not take, and those that are
/// stuck.
pub(crate) fn needs_a_person(now_ms: i64) -> String {
    format!(
        "state IN ('requested', 'processing', 'abnormal') AND (state = 'abnormal' OR created_ms <= {} OR \
         (state = 'requested' AND created_ms <= {}))",
        now_ms - NOT_ARRIVED_MS,
        now_ms - NOT_ACCEPTED_MS
    )
}

/// Whether a refund has been stuck for so long that it is shown as a difference.
pub(super) fn is_difference(refund: &RefundRow, now_ms: i64) -> bool {
    let age_ms = now_ms - refund.created_ms;
    match refund.state {
        RefundState::Requested => age_ms >= DIFFERENT_MS,
        RefundState::Processing => age_ms >= NOT_ARRIVED_MS,
        // an abnormal one is a difference of its own from the first moment
        RefundState::Abnormal | RefundState::Success | RefundState::Closed => false,
    }
}
