use model::{Fen, record::StockRecord};
use sqlx::any::AnyRow;

use super::column::{flag, text, value};
use crate::StoreError;

/// The statement whose rows [`stock`] reads.
pub(crate) const STOCK: &str = "SELECT s.id AS sku, s.price AS price, s.stock AS stock, p.on_sale AS on_sale FROM skus s \
     JOIN products p ON p.id = s.product_id";

pub(crate) fn stock(row: &AnyRow) -> Result<StockRecord, StoreError> {
    Ok(StockRecord {
        sku: text(row, "sku")?,
        price: Fen(value(row, "price")?),
        stock: value(row, "stock")?,
        on_sale: flag(row, "on_sale")?,
    })
}
