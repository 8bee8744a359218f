//! What staff read in the console: lists, sums, alerts.

use std::collections::BTreeMap;

use crate::{
    Fen, OrderId, ProductId,
    discrepancy::DiscrepancyKind,
    order::{OrderKind, OrderState, Standing},
    record::AfterSaleRecord,
    word::words,
};

words! {
    /// A list of orders that staff work through. The words stand in links.
    OrderView {
        /// Not paid yet, and not cancelled.
        Unpaid = "unpaid",
        /// Paid, and the goods that go to an address are still here.
        ToShip = "to_ship",
        /// Paid, and its shopper has not collected it.
        ToCollect = "to_collect",
        /// Shipped and not received, whatever its refunds.
        Shipped = "shipped",
        /// Received or collected, whatever its refunds.
        Received = "received",
        /// Paid in the mini program, and WeChat does not know the delivery in time.
        ToReport = "to_report",
        /// An after-sale waits for staff.
        RefundApplication = "refund_application",
        /// A refund is stuck.
        RefundStuck = "refund_stuck",
        /// The shopper asks for an invoice that is not issued.
        ToInvoice = "to_invoice",
    }
}

words! {
    /// A list of after-sales that staff work through. The words stand in links.
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
    /// Its pieces in one line; all lines of the order if it is about the whole order, empty for a top-up.
    pub items: String,
    /// The recipient's name; empty if nothing is delivered.
    pub name: String,
    /// What was refunded, fen; `None` before the refund.
    pub refund_fee: Option<Fen>,
}

/// A choice of orders in the console.
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
    /// Orders that staff have to act on: to send, an after-sale, a stuck refund, a discrepancy.
    pub attention: bool,
    /// Orders of this list.
    pub view: Option<OrderView>,
    /// A whole number (of the order, or at WeChat); a part of a telephone number, of a recipient's or of a product's name. Four
    /// digits alone are the end of a telephone number or of an order's number.
    pub search: String,
    /// Orders that are older than this one.
    pub before: Option<OrderId>,
}

/// The number of orders in the lists that staff work through, counted up to a limit.
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
    /// Stuck refunds.
    pub refunds_stuck: i64,
    /// Orders whose delivery WeChat does not know in time.
    pub to_report: i64,
    /// Orders whose shopper asks for an invoice.
    pub to_invoice: i64,
}

impl ViewCounts {
    /// The largest exact count. A larger one only says that there are more.
    pub const MOST: i64 = 99;

    /// The count of this list; `None` if the list only grows.
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
    /// When the shopper placed it, ms.
    pub created_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// When staff sent it, ms.
    pub shipped_ms: Option<i64>,
    /// When its shopper had it, ms.
    pub received_ms: Option<i64>,
    /// The recipient's name; empty if nothing is delivered.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// Whether it has no address: the shopper collects the goods.
    pub is_pickup: bool,
    /// Whether a refund application waits for staff.
    pub wants_refund: bool,
    /// Whether pieces are left that no refund cancelled.
    pub has_pieces: bool,
    /// Where its money is.
    pub standing: Standing,
    /// Its items in one line.
    pub items: String,
    /// What the search found it by, as far as the fields above do not show it.
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

/// A discrepancy between WeChat's word and the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// Its id.
    pub id: String,
    /// What does not fit.
    pub kind: DiscrepancyKind,
    /// The `out_trade_no` that it names.
    pub out_trade_no: String,
    /// When the shop saw it last, ms.
    pub last_ms: i64,
    /// How often the shop saw it.
    pub times: i64,
    /// What the shop expected and what it got, in English.
    pub detail: String,
}

/// A discrepancy with what the shop received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscrepancyDetail {
    /// The discrepancy.
    pub discrepancy: Discrepancy,
    /// What the shop received, with signatures hidden.
    pub payload: String,
    /// How it was resolved; empty while it is open.
    pub resolution: String,
    /// The order that it is about, if there is one.
    pub order_id: Option<OrderId>,
}

/// The ends of the classes of the time from order to payment, seconds; the last class has no end.
pub const LATENCIES: [i64; 5] = [15, 30, 60, 300, 900];

/// A day of the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySums {
    /// `11-21`.
    pub day: String,
    /// What was paid for goods, less the refunds of goods that this day brought, fen. It can be negative.
    pub turnover: Fen,
    /// The refunds of goods that were asked for on this day and have succeeded, fen.
    pub refunded: Fen,
    /// What was added to balances, less its refunds, fen. It is no turnover.
    pub top_ups: Fen,
    /// The number of orders of goods whose payment came on this day, as in [`PeriodSums::orders`](crate::figures::PeriodSums).
    pub paid_orders: i64,
    /// The number of orders of goods that were placed.
    pub placed: i64,
    /// The number of those that were paid, on this day or later.
    pub paid: i64,
}

/// A product, and how many pieces of it were sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestSeller {
    /// Its id.
    pub product: ProductId,
    /// Its name now.
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
    /// The number of orders of goods in each state.
    pub states: BTreeMap<String, i64>,
    /// The number of orders of goods that were paid within each class of [`LATENCIES`], and later.
    pub latencies: [i64; LATENCIES.len() + 1],
    /// The products that sold best in the last days, the best first.
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
    /// Orders whose delivery WeChat does not know in time.
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
    /// When the last failure was, ms.
    pub last_ms: i64,
}
