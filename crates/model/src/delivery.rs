//! Deliveries: what the shop reports of them to WeChat (发货信息录入), and what WeChat says about them.

use crate::word::words;

/// The largest number of parcels of one order: WeChat takes 15 (`upload_shipping_info`).
pub const MAX_PARCELS: usize = 15;

/// An order whose delivery WeChat does not know this long after the payment is an alarm, ms: 36 of the 48 hours that WeChat
/// gives.
pub const REPORT_ALARM_MS: i64 = 36 * 3_600_000;

words! {
    /// Whether WeChat knows the delivery of an order.
    ReportState {
        /// The order is not shipped, so there is nothing to report.
        ToShip = "to_ship",
        /// A job reports it.
        Waiting = "waiting",
        /// WeChat has what the shop has.
        Reported = "reported",
        /// WeChat refuses the report. Staff have to act.
        Refused = "refused",
        /// All money went back, so WeChat wants no report.
        NotNeeded = "not_needed",
    }
}

words! {
    /// What WeChat says about an order under trade management (`order_state` of `get_order`).
    WechatOrderState {
        /// The shop has not asked yet, or does not know the number.
        Unknown = "unknown",
        /// No complete delivery is reported.
        Unshipped = "unshipped",
        /// The delivery is reported.
        Shipped = "shipped",
        /// The payer confirmed the receipt.
        Confirmed = "confirmed",
        /// The trade is complete.
        Done = "done",
        /// The payment was refunded.
        Refunded = "refunded",
        /// The money is to be settled.
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

    /// Whether the payer has the goods: confirmed, or the time of WeChat is over.
    #[must_use]
    pub const fn is_received(self) -> bool {
        match self {
            Self::Confirmed | Self::Done | Self::Settling => true,
            Self::Unknown | Self::Unshipped | Self::Shipped | Self::Refunded => false,
        }
    }
}
