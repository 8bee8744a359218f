use model::{Fen, record::RefundRecord};

use super::column::{flag, number, number_or_null, text, text_or_null};
use crate::{StoreError, driver::Row};

/// The columns of `refunds`, as [`refund`] reads them.
pub(crate) const REFUND: &str = "out_refund_no, order_id, out_trade_no, state, who, reason, refund_fee, request, \
    refund_id, payer_refund, settlement_refund, created_ms, changed_ms, last_error, debited, restock, balance_fee";

pub(crate) fn refund(row: &Row) -> Result<RefundRecord, StoreError> {
    let fen = |column| number_or_null(row, column).map(|fen| fen.map(Fen));
    Ok(RefundRecord {
        out_refund_no: text(row, "out_refund_no")?,
        order_id: text(row, "order_id")?,
        out_trade_no: text(row, "out_trade_no")?,
        state: text(row, "state")?,
        who: text(row, "who")?,
        reason: text(row, "reason")?,
        refund_fee: Fen(number(row, "refund_fee")?),
        balance_fee: Fen(number(row, "balance_fee")?),
        request: text(row, "request")?,
        refund_id: text_or_null(row, "refund_id")?,
        payer_refund: fen("payer_refund")?,
        settlement_refund: fen("settlement_refund")?,
        created_ms: number(row, "created_ms")?,
        changed_ms: number(row, "changed_ms")?,
        last_error: text(row, "last_error")?,
        debited: Fen(number(row, "debited")?),
        restock: flag(row, "restock")?,
    })
}
