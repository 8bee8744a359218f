//! What staff read in the console: lists, sums, alerts. `crates/store` computes most of it.
//!
//! Times (`_ms`) are milliseconds since 1970, UTC.

use std::collections::BTreeMap;

use crate::{
    Fen, OrderId, ProductId,
    discrepancy::DiscrepancyKind,
    order::{OrderKind, OrderState, Standing},
    record::AfterSaleRecord,
    word::words,
};

words! {
    /// A list of orders in the console. Its word is part of the page's address.
    OrderView {
        /// Not paid yet, and not cancelled.
        Unpaid = "unpaid",
        /// Paid, and staff have not sent the goods to their address.
        ToShip = "to_ship",
        /// Paid, and the shopper has not collected the goods.
        ToCollect = "to_collect",
        /// Shipped and not received, with or without refunds.
        Shipped = "shipped",
        /// Received or collected, with or without refunds.
        Received = "received",
        /// Paid in the mini program. WeChat must know the delivery soon, or refused its report.
        ToReport = "to_report",
        /// An after-sale waits for staff.
        RefundApplication = "refund_application",
        /// A refund is stuck.
        RefundStuck = "refund_stuck",
        /// The shopper asked for an invoice, and staff have not issued it.
        ToInvoice = "to_invoice",
    }
}

words! {
    /// A list of after-sales in the console. Its word is part of the page's address.
    AfterSaleView {
        /// Staff have to act.
        Waiting = "waiting",
        /// The shopper has to send the goods back.
        Returning = "returning",
        /// The refund has not ended.
        Refunding = "refunding",
        /// Refunded, declined, taken back, or expired.
        Ended = "ended",
    }
}

/// An after-sale in the console's list.
#[derive(Clone, Debug)]
pub struct ListedAfterSale {
    /// The after-sale.
    pub after_sale: AfterSaleRecord,
    /// Its pieces in one line. An after-sale of the whole order has all lines of the order; one of a top-up has none.
    pub items: String,
    /// The name of the person who receives or collects the goods; empty for a top-up.
    pub name: String,
    /// What was refunded, fen; `None` before the refund.
    pub refund_fee: Option<Fen>,
}

/// Which orders the console lists. An order must fulfil all conditions that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Orders in this state.
    pub state: Option<OrderState>,
    /// Orders of this kind.
    pub kind: Option<OrderKind>,
    /// Orders of this day in Shanghai or later: `2026-11-21`.
    pub from: Option<String>,
    /// Orders of this day in Shanghai or earlier.
    pub to: Option<String>,
    /// Orders that staff have to act on: to send, to report to WeChat, an after-sale, a stuck refund, a discrepancy.
    pub attention: bool,
    /// Orders of this list.
    pub view: Option<OrderView>,
    /// Words of the search, separated by spaces; empty for no search. A word is a whole number (an order's id or a
    /// number at WeChat), or a part of a telephone number, of a recipient's name, of a product's name or of a tracking
    /// number. A search for four digits finds orders whose telephone number or id ends with them.
    pub search: String,
    /// The last order of the page before: the list begins with the next older one.
    pub before: Option<OrderId>,
}

/// The number of orders in each list of the console, counted up to [`ViewCounts::MAX_COUNT`] and one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewCounts {
    /// Orders that are not paid.
    pub unpaid: i64,
    /// Orders to ship.
    pub to_ship: i64,
    /// Orders that their shoppers have not collected.
    pub to_collect: i64,
    /// Orders with an after-sale that waits for staff.
    pub refund_applications: i64,
    /// Orders with a stuck refund.
    pub refunds_stuck: i64,
    /// Orders whose delivery has to be reported to WeChat.
    pub to_report: i64,
    /// Orders whose shopper asked for an invoice that is not issued.
    pub to_invoice: i64,
}

impl ViewCounts {
    /// The largest exact count. A larger count means: more than this.
    pub const MAX_COUNT: i64 = 99;

    /// The count of this list; `None` for a list that only grows.
    #[must_use]
    pub const fn of(&self, view: OrderView) -> Option<i64> {
        match view {
            OrderView::Unpaid => Some(self.unpaid),
            OrderView::ToShip => Some(self.to_ship),
            OrderView::ToCollect => Some(self.to_collect),
            OrderView::Shipped | OrderView::Received => None,
            OrderView::ToReport => Some(self.to_report),
            OrderView::RefundApplication => Some(self.refund_applications),
            OrderView::RefundStuck => Some(self.refunds_stuck),
            OrderView::ToInvoice => Some(self.to_invoice),
        }
    }
}

/// An order in the console's list.
#[derive(Clone, Debug)]
pub struct ListedOrder {
    /// Its number.
    pub id: OrderId,
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// Its state.
    pub state: OrderState,
    /// The amount to pay, fen.
    pub total_fee: Fen,
    /// When the shopper placed it.
    pub created_ms: i64,
    /// When it was paid; `None` before.
    pub paid_ms: Option<i64>,
    /// When staff sent the first parcel, or handed the order over.
    pub shipped_ms: Option<i64>,
    /// When the shopper received or collected it.
    pub received_ms: Option<i64>,
    /// The name of the person who receives or collects the goods; empty for a top-up.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// Whether its goods go to no address: the shopper collects them, or has not chosen yet.
    pub is_pickup: bool,
    /// Whether an after-sale waits for staff.
    pub wants_refund: bool,
    /// Whether it has pieces that no refund cancelled.
    pub has_pieces: bool,
    /// Where its money is.
    pub standing: Standing,
    /// Its items in one line.
    pub items: String,
    /// The numbers by which the search found it, if the fields above do not show them.
    pub found_by: Vec<FoundBy>,
}

/// A number by which a search found an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// The tracking number of a parcel.
    TrackingNo(String),
    /// The `out_trade_no` of a payment.
    OutTradeNo(String),
    /// The `transaction_id` of a payment.
    TransactionId(String),
    /// The `out_refund_no` of a refund.
    OutRefundNo(String),
}

impl ListedOrder {
    /// Whether staff still have to send it.
    #[must_use]
    pub fn is_to_ship(&self) -> bool {
        self.kind == OrderKind::Goods
            && self.standing.may_ship()
            && self.has_pieces
            && self.shipped_ms.is_none()
    }
}

/// A discrepancy in the console's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// Its id: see [`DiscrepancyRecord`](crate::record::DiscrepancyRecord).
    pub id: String,
    /// What does not match.
    pub kind: DiscrepancyKind,
    /// The `out_trade_no` that it names.
    pub out_trade_no: String,
    /// When the shop last saw it.
    pub last_ms: i64,
    /// How often the shop saw it, at least 1.
    pub times: i64,
    /// What the shop expected and what it got, in English.
    pub detail: String,
}

/// A discrepancy with what the shop received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscrepancyDetail {
    /// The discrepancy.
    pub discrepancy: Discrepancy,
    /// What the shop received. The console masks signatures and secrets.
    pub payload: String,
    /// How it was resolved; empty while it is open.
    pub resolution: String,
    /// The order that it is about, if there is one.
    pub order_id: Option<OrderId>,
}

/// The upper limits of the classes of the time between order and payment, seconds. One more class, without a limit,
/// follows.
pub const LATENCIES: [i64; 5] = [15, 30, 60, 300, 900];

/// The sums of one day in Shanghai.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySums {
    /// Month and day: `11-21`.
    pub day: String,
    /// What was paid for goods on this day, less `refunded`, fen. It can be negative.
    pub turnover: Fen,
    /// The refunds of goods that were asked for on this day and have succeeded, fen.
    pub refunded: Fen,
    /// What was paid for top-ups, less their refunds, fen. It is not turnover.
    pub top_ups: Fen,
    /// The number of orders of goods that were paid on this day, as in
    /// [`PeriodSums::orders`](crate::figures::PeriodSums).
    pub paid_orders: i64,
    /// The number of orders of goods that were placed on this day.
    pub placed: i64,
    /// The number of orders in `placed` that were paid, on this day or later.
    pub paid: i64,
}

/// A product, and how many pieces of it were sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestSeller {
    /// Its id.
    pub product: ProductId,
    /// Its current name.
    pub name: String,
    /// The path of its picture.
    pub picture: String,
    /// The number of pieces in orders that were paid in the days.
    pub pieces: i64,
}

/// The sums of the last thirty days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dashboard {
    /// Each day, the oldest first.
    pub days: Vec<DaySums>,
    /// The number of orders of goods by the word of their state.
    pub states: BTreeMap<String, i64>,
    /// The number of paid orders of goods in each class of [`LATENCIES`]; the last number is the class without a limit.
    pub latencies: [i64; LATENCIES.len() + 1],
    /// The products with the most sold pieces in the last seven days, the best first.
    pub best_sellers: Vec<BestSeller>,
}

/// The numbers of things that wait for staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToDo {
    /// Orders to send to an address.
    pub to_ship: i64,
    /// Orders that their shoppers have not collected.
    pub to_collect: i64,
    /// After-sales that wait for staff.
    pub after_sales: i64,
    /// When the shop answers the first of them by itself, or refunds it, ms; `None`: never.
    pub after_sales_due_ms: Option<i64>,
    /// Refunds that are stuck: the payer's account did not take the money, or WeChat has not made them for long.
    pub refunds: i64,
    /// Open discrepancies.
    pub discrepancies: i64,
    /// Orders whose delivery has to be reported to WeChat.
    pub to_report: i64,
    /// Complaints that have not ended.
    pub complaints: i64,
}

/// Failed sign-ins of one name in the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAlert {
    /// The name; `?` for a text that cannot be a name.
    pub name: String,
    /// The number of failures.
    pub failures: i64,
    /// The number of failures with the right password and a wrong code.
    pub wrong_codes: i64,
    /// When the last failure was.
    pub last_ms: i64,
}
