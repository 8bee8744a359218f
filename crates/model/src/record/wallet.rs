use crate::{Fen, OrderId, Shopper, word::words};

words! {
    /// Why a balance changed.
    WalletReason {
        /// A top-up was paid.
        TopUp = "top_up",
        /// The shop created the refund of a top-up.
        TopUpRefund = "top_up_refund",
        /// WeChat closed the refund of a top-up.
        TopUpRefundClosed = "top_up_refund_closed",
        /// An order uses the balance. It takes the amount when the shopper places it.
        Order = "order",
        /// The order was closed without a payment.
        OrderClosed = "order_closed",
        /// A refund returned the balance's part.
        Refund = "refund",
    }
}

/// A change of a shopper's balance.
#[derive(Clone, Debug)]
pub struct WalletMoveRecord {
    /// What caused it: the id of an order or of a refund, with a suffix for a reversal. Unique, so each cause counts
    /// once.
    pub id: String,
    /// The order that it belongs to: a top-up, or an order of goods.
    pub order_id: OrderId,
    /// The owner of the balance.
    pub shopper: Shopper,
    /// Why the balance changed.
    pub reason: WalletReason,
    /// The amount, fen; negative for a debit.
    pub amount: Fen,
    /// When it changed, ms.
    pub at_ms: i64,
}
