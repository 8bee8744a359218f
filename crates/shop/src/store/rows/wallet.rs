use model::{Fen, OrderId, Shopper};
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text};

/// Money that went into a shopper's balance, or out of it.
#[derive(Clone, Debug)]
pub struct WalletMoveRow {
    /// What moved it, once: the order, or the refund.
    pub id: String,
    /// The top-up that it goes back to.
    pub order_id: OrderId,
    /// Whose balance.
    pub shopper: Shopper,
    /// How much; less than nothing where it went out.
    pub amount: Fen,
    /// When, ms.
    pub at_ms: i64,
}

pub(in crate::store) fn balance(row: &AnyRow) -> Result<(String, Fen), StoreError> {
    Ok((text(row, 0)?, Fen(number(row, 1)?)))
}
