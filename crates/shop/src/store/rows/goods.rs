use model::{Fen, OrderId, Quantity, Sku};
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text};

/// One line of an order.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// The order.
    pub order_id: OrderId,
    /// The line, from 1.
    pub position: i64,
    /// What is bought.
    pub sku: Sku,
    /// Its name when it was bought.
    pub name: String,
    /// Its specification when it was bought; may be empty.
    pub spec: String,
    /// Its picture.
    pub picture: String,
    /// Its price when it was bought.
    pub price: Fen,
    /// How many.
    pub quantity: Quantity,
}

/// What is on the shelf of one thing.
#[derive(Clone, Debug)]
pub struct StockRow {
    /// The thing.
    pub sku: Sku,
    /// What it costs now.
    pub price: Fen,
    /// How many are left.
    pub stock: i64,
    /// Whether its product is on the shelf.
    pub on_sale: bool,
}

/// The columns of `order_items`, as [`item`] reads them.
pub(in crate::store) const ITEM: &str = "order_id, position, sku, name, spec, picture, price, quantity";

/// What [`stock`] reads.
pub(in crate::store) const STOCK: &str =
    "SELECT s.id, s.price, s.stock, p.on_sale FROM skus s JOIN products p ON p.id = s.product_id";

pub(in crate::store) fn item(row: &AnyRow) -> Result<ItemRow, StoreError> {
    let quantity: i64 = number(row, 7)?;
    Ok(ItemRow {
        order_id: text(row, 0)?,
        position: number(row, 1)?,
        sku: text(row, 2)?,
        name: text(row, 3)?,
        spec: text(row, 4)?,
        picture: text(row, 5)?,
        price: Fen(number(row, 6)?),
        quantity: Quantity::try_from(quantity).map_err(StoreError::during("reading a row"))?,
    })
}

pub(in crate::store) fn stock(row: &AnyRow) -> Result<StockRow, StoreError> {
    Ok(StockRow {
        sku: text(row, 0)?,
        price: Fen(number(row, 1)?),
        stock: number(row, 2)?,
        on_sale: number::<i64>(row, 3)? != 0,
    })
}
