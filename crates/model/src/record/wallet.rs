use crate::{Fen, OrderId, Shopper};

/// A change of a shopper's balance.
#[derive(Clone, Debug)]
pub struct WalletMoveRecord {
    /// The order or the refund that caused it: each counts once.
    pub id: String,
    /// The top-up that it belongs to.
    pub order_id: OrderId,
    /// The shopper.
    pub shopper: Shopper,
    /// The amount, fen; negative for a debit.
    pub amount: Fen,
    /// When, ms.
    pub at_ms: i64,
}
