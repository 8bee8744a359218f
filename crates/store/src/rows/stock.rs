use model::{Fen, record::StockRecord};

use super::column::{flag, number, text};
use crate::{StoreError, driver::Row};

/// The statement whose rows [`stock`] reads.
pub(crate) const STOCK: &str = "SELECT s.id AS sku, s.price AS price, s.stock AS stock, p.on_sale AS on_sale FROM skus s \
     JOIN products p ON p.id = s.product_id";

pub(crate) fn stock(row: &Row) -> Result<StockRecord, StoreError> {
    Ok(StockRecord {
        sku: text(row, "sku")?,
        price: Fen(number(row, "price")?),
        stock: number(row, "stock")?,
        on_sale: flag(row, "on_sale")?,
    })
}
