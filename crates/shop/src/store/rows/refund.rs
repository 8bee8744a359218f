use model::{Fen, OrderId, OutRefundNo, OutTradeNo, refund::RefundState};
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text, text_or_null};

/// A refund.
#[derive(Clone, Debug)]
pub struct RefundRow {
    /// Its number, the same however often WeChat is asked.
    pub out_refund_no: OutRefundNo,
    /// The order.
    pub order_id: OrderId,
    /// The attempt that was paid.
    pub out_trade_no: OutTradeNo,
    /// Where it stands.
    pub state: RefundState,
    /// Who asked for it: a person's name, `shop` for one that the shop makes by itself, `elsewhere`.
    pub who: String,
    /// Why, as the shopper may read it.
    pub reason: String,
    /// How much.
    pub refund_fee: Fen,
    /// The request, byte for byte, from the first time it is sent; empty before, and for refunds made elsewhere.
    pub request: String,
    /// WeChat's number.
    pub refund_id: Option<String>,
    /// What the payer gets back (`cash_refund_fee`, `payer_refund`), as far as WeChat told.
    pub payer_refund: Option<Fen>,
    /// What it costs the merchant (`settlement_refund_fee`), as far as WeChat told.
    pub settlement_refund: Option<Fen>,
    /// When it was written down, ms.
    pub created_ms: i64,
    /// When it last moved, ms.
    pub changed_ms: i64,
    /// Why WeChat has not accepted it yet, or gave it up.
    pub last_error: String,
    /// What it took from the balance of a top-up: so much returns where it is closed.
    pub debited: Fen,
    /// Whether the pieces of the order go back on the shelf once it has succeeded.
    pub restock: bool,
}

/// The columns of `refunds`, as [`refund`] reads them.
pub(in crate::store) const REFUND: &str = "out_refund_no, order_id, out_trade_no, state, who, reason, refund_fee, request, \
                                 refund_id, payer_refund, settlement_refund, created_ms, changed_ms, last_error, \
                                 debited, restock";

pub(in crate::store) fn refund(row: &AnyRow) -> Result<RefundRow, StoreError> {
    Ok(RefundRow {
        out_refund_no: text(row, 0)?,
        order_id: text(row, 1)?,
        out_trade_no: text(row, 2)?,
        state: text(row, 3)?,
        who: text(row, 4)?,
        reason: text(row, 5)?,
        refund_fee: Fen(number(row, 6)?),
        request: text(row, 7)?,
        refund_id: text_or_null(row, 8)?,
        payer_refund: number::<Option<i64>>(row, 9)?.map(Fen),
        settlement_refund: number::<Option<i64>>(row, 10)?.map(Fen),
        created_ms: number(row, 11)?,
        changed_ms: number(row, 12)?,
        last_error: text(row, 13)?,
        debited: Fen(number(row, 14)?),
        restock: number::<i64>(row, 15)? != 0,
    })
}
