use model::{
    Fen, OrderId, OutTradeNo, Shopper,
    order::{OrderKind, OrderState},
};
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text, text_or_null};

/// An order.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Its number in the shop.
    pub id: OrderId,
    /// What it is for.
    pub kind: OrderKind,
    /// Who placed it.
    pub shopper: Shopper,
    /// Its items as a text: what the same shopper orders twice in a row is recognised by it.
    pub basket: String,
    /// Where it stands.
    pub state: OrderState,
    /// What it costs.
    pub total_fee: Fen,
    /// When it was placed, ms.
    pub created_ms: i64,
    /// When it can no longer be paid, ms.
    pub expires_ms: i64,
    /// When WeChat took the money, ms.
    pub paid_ms: Option<i64>,
    /// The attempt that paid it.
    pub paid_out_trade_no: Option<OutTradeNo>,
    /// How many events it has.
    pub version: i64,
    /// What a link to it carries, so that nobody can guess one; empty for orders older than such links.
    pub link_key: String,
    /// From where it was placed, as limits count addresses; empty for orders older than such limits.
    pub placed_from: String,
    /// How many pieces it holds back from the shelf. Has a meaning until it is paid.
    pub held: i64,
}

/// The columns of `orders`, as [`order`] reads them.
pub(in crate::store) const ORDER: &str = "o.id, o.kind, o.openid, o.basket, o.state, o.total_fee, o.created_ms, o.expires_ms, \
                                o.paid_ms, o.paid_out_trade_no, o.version, o.link_key, o.placed_from, o.held";

/// How many columns [`ORDER`] has.
pub(in crate::store) const ORDER_WIDTH: usize = 14;

pub(in crate::store) fn order(row: &AnyRow) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        id: text(row, 0)?,
        kind: text(row, 1)?,
        shopper: text(row, 2)?,
        basket: text(row, 3)?,
        state: text(row, 4)?,
        total_fee: Fen(number(row, 5)?),
        created_ms: number(row, 6)?,
        expires_ms: number(row, 7)?,
        paid_ms: number(row, 8)?,
        paid_out_trade_no: text_or_null(row, 9)?,
        version: number(row, 10)?,
        link_key: text(row, 11)?,
        placed_from: text(row, 12)?,
        held: number(row, 13)?,
    })
}
