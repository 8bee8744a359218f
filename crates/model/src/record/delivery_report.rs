use crate::{
    OrderId, OutTradeNo,
    delivery::{ReportState, WechatOrderState},
};

/// The report of an order's delivery to WeChat: one row for each order that was paid in the mini program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReportRecord {
    /// The order.
    pub order_id: OrderId,
    /// The attempt that paid it.
    pub out_trade_no: OutTradeNo,
    /// When it was paid, ms. WeChat's limit of 48 hours begins here.
    pub paid_ms: i64,
    /// Whether WeChat knows the delivery.
    pub state: ReportState,
    /// Counts the requests to report the delivery. Each job reports one version.
    pub version: i64,
    /// The `upload_time` of the newest upload, ms; 0 before the first. WeChat requires a later time for each upload.
    pub upload_ms: i64,
    /// Whether the newest upload has no known outcome: the answer was lost, or the server stopped.
    pub is_unanswered: bool,
    /// Whether an upload reported several parcels. WeChat allows one correction, and a change of this counts as one.
    pub is_split: bool,
    /// When WeChat first knew the whole delivery, ms; `None` before.
    pub reported_ms: Option<i64>,
    /// The newest state of the order that WeChat reported.
    pub wechat_state: WechatOrderState,
    /// WeChat's code of the newest failure; empty if there is none.
    pub code: String,
    /// WeChat's message of the newest failure; empty if there is none.
    pub message: String,
    /// When the state last changed, ms.
    pub changed_ms: i64,
}

impl DeliveryReportRecord {
    /// The row of an order that was paid just now: nothing is shipped.
    #[must_use]
    pub const fn of_payment(order_id: OrderId, out_trade_no: OutTradeNo, paid_ms: i64) -> Self {
        Self {
            order_id,
            out_trade_no,
            paid_ms,
            state: ReportState::ToShip,
            version: 0,
            upload_ms: 0,
            is_unanswered: false,
            is_split: false,
            reported_ms: None,
            wechat_state: WechatOrderState::Unknown,
            code: String::new(),
            message: String::new(),
            changed_ms: paid_ms,
        }
    }
}
