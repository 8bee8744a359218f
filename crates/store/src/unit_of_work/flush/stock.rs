//! Changes the stock, and deletes ordered lines of carts.

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::update,
    driver::{Connection, Value, text},
};

pub(super) async fn stock(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let moves: Vec<_> = unit
        .stock_moves
        .iter()
        .filter(|(_, pieces)| **pieces != 0)
        .map(|(sku, pieces)| [text(sku), Value::Number(*pieces)])
        .collect();
    let head = "UPDATE skus SET stock = skus.stock + v.column2";
    update(connection, "moving stock", head, moves, "WHERE skus.id = v.column1").await
}

pub(super) async fn carts(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    // one statement each, because a missing line is not an error
    for (shopper, sku) in &unit.bought {
        let sql = "DELETE FROM carts WHERE shopper = $1 AND sku = $2";
        connection.execute("writing a cart", sql, vec![text(shopper), text(sku)]).await?;
    }
    Ok(())
}
