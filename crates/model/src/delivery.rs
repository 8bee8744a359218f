//! The states of the report of a delivery to WeChat (发货信息录入). The use cases are in `crates/shop/src/shipping`.

use crate::word::words;

/// The maximum number of parcels of one order. WeChat's `upload_shipping_info` accepts 15.
pub const MAX_PARCELS: usize = 15;

/// WeChat must know the delivery 48 hours after the payment. Without a report the order is in the to-do list after 36
/// hours, ms.
pub const REPORT_ALARM_MS: i64 = 36 * 3_600_000;

words! {
    /// Whether WeChat knows the delivery of an order.
    ReportState {
        /// The order is not shipped, so there is nothing to report.
        ToShip = "to_ship",
        /// A job will report it.
        Waiting = "waiting",
        /// WeChat knows all parcels that the shop knows.
        Reported = "reported",
        /// WeChat refuses the report. Staff have to act.
        Refused = "refused",
        /// All money was refunded, so WeChat needs no report.
        NotNeeded = "not_needed",
    }
}

words! {
    /// What WeChat says about an order under trade management (`order_state` of `get_order`).
    WechatOrderState {
        /// The shop has not asked yet, or does not know the state that WeChat reports.
        Unknown = "unknown",
        /// Nothing is reported, or parcels are still missing.
        Unshipped = "unshipped",
        /// The delivery is reported.
        Shipped = "shipped",
        /// The payer confirmed the receipt.
        Confirmed = "confirmed",
        /// The trade has ended.
        Done = "done",
        /// The payment was refunded.
        Refunded = "refunded",
        /// The payout to the merchant is pending.
        Settling = "settling",
    }
}

impl WechatOrderState {
    /// Whether WeChat knows the whole delivery.
    #[must_use]
    pub const fn is_reported(self) -> bool {
        match self {
            Self::Shipped | Self::Confirmed | Self::Done | Self::Settling => true,
            Self::Unknown | Self::Unshipped | Self::Refunded => false,
        }
    }

    /// Whether the payer has the goods: the payer confirmed it, or WeChat's own time limit is over.
    #[must_use]
    pub const fn is_received(self) -> bool {
        match self {
            Self::Confirmed | Self::Done | Self::Settling => true,
            Self::Unknown | Self::Unshipped | Self::Shipped | Self::Refunded => false,
        }
    }
}
