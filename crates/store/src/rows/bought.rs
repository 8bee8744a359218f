use model::ProductId;

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The statement that counts what shoppers have bought of products with a purchase limit: `BOUGHT (shoppers)
/// BOUGHT_TAIL`. [`bought`] reads its rows.
pub(crate) const BOUGHT: &str = "SELECT o.openid AS shopper, s.product_id AS product, \
     CAST(SUM(i.quantity) AS BIGINT) AS pieces FROM orders o JOIN order_items i ON i.order_id = o.id \
     JOIN skus s ON s.id = i.sku JOIN products p ON p.id = s.product_id \
     WHERE p.purchase_limit IS NOT NULL AND o.kind = 'goods' AND o.state NOT IN ('closed', 'refunded') AND o.openid IN";

/// The end of the statement that [`BOUGHT`] begins.
pub(crate) const BOUGHT_TAIL: &str = "GROUP BY o.openid, s.product_id";

/// Reads the shopper, the product and the number of pieces.
pub(crate) fn bought(row: &Row) -> Result<(String, ProductId, i64), StoreError> {
    Ok((text(row, "shopper")?, text(row, "product")?, number(row, "pieces")?))
}
