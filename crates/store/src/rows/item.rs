use model::{Fen, Quantity, record::ItemRecord};
use sqlx::any::AnyRow;

use super::column::{text, value};
use crate::StoreError;

/// The columns of `order_items`, as [`item`] reads them.
pub(crate) const ITEM: &str = "order_id, position, sku, name, spec, picture, price, quantity";

pub(crate) fn item(row: &AnyRow) -> Result<ItemRecord, StoreError> {
    let quantity: i64 = value(row, "quantity")?;
    Ok(ItemRecord {
        order_id: text(row, "order_id")?,
        position: value(row, "position")?,
        sku: text(row, "sku")?,
        name: text(row, "name")?,
        spec: text(row, "spec")?,
        picture: text(row, "picture")?,
        price: Fen(value(row, "price")?),
        quantity: Quantity::try_from(quantity).map_err(StoreError::during("reading a row"))?,
    })
}
