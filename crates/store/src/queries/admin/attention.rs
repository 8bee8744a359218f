//! The SQL conditions of the console's lists of orders, and the reasons why staff have to act on an order.

use model::{admin::OrderView, delivery::ReportState, order::OrderState};

use crate::queries::after_sales::WAITING;

/// Orders with paid goods that were not sent. The text matches the index `orders_to_ship`.
const UNSENT: &str =
    "o.shipped_ms IS NULL AND o.kind = 'goods' AND (o.state || '') IN ('paid', 'partly_refunded')";

/// Paid orders that must not be sent: the opposite of `Standing::may_ship` in SQL. A test compares both.
const HELD_BACK: &str = "EXISTS (SELECT 1 FROM attempts held WHERE held.out_trade_no = o.paid_out_trade_no AND \
     (held.refunds_unknown <> 0 OR held.refunded + held.refunding >= held.total_fee))";

/// The condition on `orders AS o`: the shopper asked for an invoice that is not issued. The text matches the index
/// `invoices_waiting`.
const TO_INVOICE: &str = "o.id IN (SELECT order_id FROM invoices WHERE issued_ms IS NULL)";

/// Orders that were shipped and not received. The text matches the index `orders_to_receive`.
const SHIPPED: &str = "o.shipped_ms IS NOT NULL AND o.received_ms IS NULL";

/// Orders that were received. The text matches the index `orders_received`.
const RECEIVED: &str = "o.received_ms IS NOT NULL";

/// Time limits: an order that was paid, or a refund that was created, before such a time waits for staff.
#[derive(Clone, Copy, Debug)]
pub struct Overdue {
    /// WeChat must know the deliveries of orders that were paid in the mini program before this time, ms.
    pub not_reported_before_ms: i64,
    /// Refunds from before this time must have ended, ms.
    pub unfinished_before_ms: i64,
    /// WeChat must have accepted refunds from before this time, ms.
    pub not_accepted_before_ms: i64,
}

impl Overdue {
    /// The condition on `refunds`: the payer's account did not take the money, or the refund is overdue.
    pub(super) fn stuck_refunds(self) -> String {
        format!(
            "state IN ('requested', 'processing', 'abnormal') AND (state = 'abnormal' OR created_ms <= {} OR \
             (state = 'requested' AND created_ms <= {}))",
            self.unfinished_before_ms, self.not_accepted_before_ms
        )
    }
}

/// The condition on `orders AS o`: it has pieces that no refund cancelled. This is `ItemRecord::to_send` in SQL.
pub(in crate::queries) const HAS_PIECES: &str = "(NOT EXISTS (SELECT 1 FROM after_sales asked WHERE asked.order_id = o.id) OR \
     EXISTS (SELECT 1 FROM order_items bought WHERE bought.order_id = o.id AND bought.quantity > \
     (SELECT COALESCE(SUM(line.pieces), 0) FROM after_sales granted JOIN after_sale_lines line \
     ON line.after_sale_id = granted.id WHERE granted.order_id = o.id AND granted.cancels_pieces <> 0 \
     AND granted.state IN ('refunding', 'refunded') AND line.position = bought.position)))";

/// The condition on `orders AS o`: staff have to send it or hand it over.
pub(in crate::queries) fn to_ship() -> String {
    format!("{UNSENT} AND NOT {HELD_BACK} AND {HAS_PIECES}")
}

/// The condition on `orders AS o`: its goods go to an address.
const HAS_ADDRESS: &str =
    "EXISTS (SELECT 1 FROM deliveries going WHERE going.order_id = o.id AND going.address <> '')";

/// The condition on `orders AS o`: staff have to send it to an address.
pub(super) fn to_send() -> String {
    format!("{} AND {HAS_ADDRESS}", to_ship())
}

/// The condition on `orders AS o`: staff have to hand it over to its shopper.
pub(super) fn to_collect() -> String {
    format!("{} AND NOT {HAS_ADDRESS}", to_ship())
}

/// The condition on `orders AS o`: the order was paid in the mini program before this time, ms, and WeChat does not know
/// its delivery; or WeChat refuses the report. An order whose pieces are all cancelled has no delivery.
pub(in crate::queries) fn unreported(paid_before_ms: i64) -> String {
    format!(
        "o.state IN ('paid', 'partly_refunded') AND (o.shipped_ms IS NOT NULL OR {HAS_PIECES}) AND o.id IN (SELECT order_id FROM delivery_reports WHERE reported_ms IS \
         NULL AND state <> '{}' AND (paid_ms <= {paid_before_ms} OR state = '{}'))",
        ReportState::NotNeeded,
        ReportState::Refused
    )
}

/// The condition on `orders AS o`: an after-sale waits for staff.
fn has_application() -> String {
    format!("o.id IN (SELECT order_id FROM after_sales WHERE {WAITING})")
}

/// The condition on `orders AS o`: a refund is stuck.
fn has_stuck_refund(overdue: Overdue) -> String {
    format!("o.id IN (SELECT order_id FROM refunds WHERE {})", overdue.stuck_refunds())
}

/// The conditions on `orders AS o` for this list. An order is in the list if it fulfils one of them.
pub(super) fn conditions_of(view: OrderView, overdue: Overdue) -> Vec<String> {
    match view {
        OrderView::Unpaid => {
            [OrderState::Created, OrderState::Paying].map(|state| format!("o.state = '{state}'")).into()
        }
        OrderView::ToShip => vec![to_send()],
        OrderView::ToCollect => vec![to_collect()],
        OrderView::Shipped => vec![SHIPPED.to_owned()],
        OrderView::Received => vec![RECEIVED.to_owned()],
        OrderView::ToReport => vec![unreported(overdue.not_reported_before_ms)],
        OrderView::RefundApplication => vec![has_application()],
        OrderView::RefundStuck => vec![has_stuck_refund(overdue)],
        OrderView::ToInvoice => vec![TO_INVOICE.to_owned()],
    }
}

/// The reasons why staff have to act on an order. Each is a condition on `orders AS o`.
pub(super) fn reasons(overdue: Overdue) -> Vec<String> {
    vec![
        to_ship(),
        unreported(overdue.not_reported_before_ms),
        has_application(),
        has_stuck_refund(overdue),
        "o.id IN (SELECT a.order_id FROM differences f JOIN attempts a ON a.out_trade_no = f.out_trade_no \
         WHERE f.resolution = '')"
            .to_owned(),
    ]
}
