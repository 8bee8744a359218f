use model::{Fen, Quantity, record::ItemRecord};

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The columns of `order_items`, as [`item`] reads them.
pub(crate) const ITEM: &str = "order_id, position, sku, name, spec, picture, price, quantity, reduction";

pub(crate) fn item(row: &Row) -> Result<ItemRecord, StoreError> {
    let quantity: i64 = number(row, "quantity")?;
    Ok(ItemRecord {
        order_id: text(row, "order_id")?,
        position: number(row, "position")?,
        sku: text(row, "sku")?,
        name: text(row, "name")?,
        spec: text(row, "spec")?,
        picture: text(row, "picture")?,
        price: Fen(number(row, "price")?),
        quantity: Quantity::try_from(quantity).map_err(StoreError::during("reading a row"))?,
        reduction: Fen(number(row, "reduction")?),
    })
}
