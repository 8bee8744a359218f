use model::{Fen, catalogue::SalePeriod, record::StockRecord};

use super::column::{flag, number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The statement whose rows [`stock`] reads.
pub(crate) const STOCK: &str = "SELECT s.id AS sku, s.price AS price, s.stock AS stock, p.on_sale AS on_sale, \
     s.product_id AS product, p.purchase_limit AS purchase_limit, p.sale_from_ms AS sale_from_ms, \
     p.sale_until_ms AS sale_until_ms FROM skus s JOIN products p ON p.id = s.product_id";

pub(crate) fn stock(row: &Row) -> Result<StockRecord, StoreError> {
    Ok(StockRecord {
        sku: text(row, "sku")?,
        price: Fen(number(row, "price")?),
        stock: number(row, "stock")?,
        on_sale: flag(row, "on_sale")?,
        product: text(row, "product")?,
        purchase_limit: number_or_null(row, "purchase_limit")?,
        sale: sale_period(row)?,
    })
}

/// Reads the sale period of a product.
pub(crate) fn sale_period(row: &Row) -> Result<SalePeriod, StoreError> {
    Ok(SalePeriod {
        from_ms: number_or_null(row, "sale_from_ms")?,
        until_ms: number_or_null(row, "sale_until_ms")?,
    })
}
