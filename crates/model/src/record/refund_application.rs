use crate::{OrderId, word::words};

words! {
    /// The state of a refund application.
    RefundApplicationState {
        /// The shop has not answered.
        Open = "open",
        /// The shop agreed: see the refunds.
        Granted = "granted",
        /// The shop declined and gave a reason.
        Declined = "declined",
        /// The shop agreed, and WeChat closed the refund: the shop has to act again.
        Failed = "failed",
        /// The shopper took it back before the shop answered.
        Withdrawn = "withdrawn",
    }
}

impl RefundApplicationState {
    /// Whether staff have to act.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Failed)
    }
}

/// A shopper's application for a refund (退款申请). An order has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundApplicationRecord {
    /// The order.
    pub order_id: OrderId,
    /// Its state.
    pub state: RefundApplicationState,
    /// The shopper's reason.
    pub reason: String,
    /// When the shopper applied, ms.
    pub asked_ms: i64,
    /// The shop's answer; may be empty.
    pub answer: String,
    /// The staff member who answered.
    pub who: String,
    /// When the shop answered, or the shopper took it back, ms.
    pub answered_ms: Option<i64>,
    /// The refund that grants it; empty if there is none.
    pub out_refund_no: String,
}
