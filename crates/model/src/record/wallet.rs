use crate::{Fen, OrderId, Shopper, word::words};

words! {
    /// Why a balance changed.
    WalletReason {
        /// A top-up was paid.
        TopUp = "top_up",
        /// A top-up is refunded.
        TopUpRefund = "top_up_refund",
        /// WeChat closed the refund of a top-up.
        TopUpRefundClosed = "top_up_refund_closed",
        /// An order takes it. It is reserved until the order is paid or closed.
        Order = "order",
        /// The order was closed without a payment.
        OrderClosed = "order_closed",
        /// A part of an order was refunded.
        Refund = "refund",
    }
}

/// A change of a shopper's balance.
#[derive(Clone, Debug)]
pub struct WalletMoveRecord {
    /// The order or the refund that caused it: each counts once.
    pub id: String,
    /// The order that it belongs to: a top-up, or an order of goods.
    pub order_id: OrderId,
    /// The shopper.
    pub shopper: Shopper,
    /// Why.
    pub reason: WalletReason,
    /// The amount, fen; negative for a debit.
    pub amount: Fen,
    /// When, ms.
    pub at_ms: i64,
}
