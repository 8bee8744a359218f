use model::{Fen, record::OrderRecord};

use super::column::{number, number_or_null, text, text_or_null};
use crate::{StoreError, driver::Row};

/// The columns of `orders AS o`, as [`order`] reads them. The prefix keeps them apart from the columns of an attempt in
/// the same row.
pub(crate) const ORDER: &str = "o.id AS o_id, o.kind AS o_kind, o.openid AS o_openid, o.basket AS o_basket, \
    o.state AS o_state, o.total_fee AS o_total_fee, o.freight_fee AS o_freight_fee, \
    o.reduction_fee AS o_reduction_fee, o.balance_fee AS o_balance_fee, o.created_ms AS o_created_ms, o.expires_ms AS o_expires_ms, \
    o.paid_ms AS o_paid_ms, o.paid_out_trade_no AS o_paid_out_trade_no, o.version AS o_version, \
    o.link_key AS o_link_key, o.placed_from AS o_placed_from, o.held AS o_held";

pub(crate) fn order(row: &Row) -> Result<OrderRecord, StoreError> {
    Ok(OrderRecord {
        id: text(row, "o_id")?,
        kind: text(row, "o_kind")?,
        shopper: text(row, "o_openid")?,
        basket: text(row, "o_basket")?,
        state: text(row, "o_state")?,
        total_fee: Fen(number(row, "o_total_fee")?),
        freight_fee: Fen(number(row, "o_freight_fee")?),
        reduction_fee: Fen(number(row, "o_reduction_fee")?),
        balance_fee: Fen(number(row, "o_balance_fee")?),
        created_ms: number(row, "o_created_ms")?,
        expires_ms: number(row, "o_expires_ms")?,
        paid_ms: number_or_null(row, "o_paid_ms")?,
        paid_out_trade_no: text_or_null(row, "o_paid_out_trade_no")?,
        version: number(row, "o_version")?,
        link_key: text(row, "o_link_key")?,
        placed_from: text(row, "o_placed_from")?,
        held: number(row, "o_held")?,
    })
}
