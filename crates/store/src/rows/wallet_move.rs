use model::{Fen, record::WalletMoveRecord};

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The columns of `wallet_moves`, as [`wallet_move`] reads them.
pub(crate) const WALLET_MOVE: &str = "id, order_id, openid, reason, amount, at_ms";

pub(crate) fn wallet_move(row: &Row) -> Result<WalletMoveRecord, StoreError> {
    Ok(WalletMoveRecord {
        id: text(row, "id")?,
        order_id: text(row, "order_id")?,
        shopper: text(row, "openid")?,
        reason: text(row, "reason")?,
        amount: Fen(number(row, "amount")?),
        at_ms: number(row, "at_ms")?,
    })
}
