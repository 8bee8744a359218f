//! The carts of shoppers. Money does not depend on these rows, so plain statements write them, not commands.

use model::{Fen, Quantity, Shopper, Sku, record::CartLineRecord};

use crate::{
    Store, StoreError,
    driver::{Row, Value, text},
    queries::shoppers::CURRENT_SHOPPER,
    rows,
};

/// How a new number of pieces changes a line of a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartChange {
    /// Adds the pieces to those of the cart, up to 99.
    Add,
    /// Replaces the pieces of the cart.
    Set,
}

impl Store {
    /// The lines of a shopper's cart, the newest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn cart(&self, shopper: &Shopper) -> Result<Vec<CartLineRecord>, StoreError> {
        let sql = "SELECT sku, quantity, price FROM carts WHERE shopper = $1 ORDER BY added_ms DESC, sku";
        self.select(sql.to_owned(), &[&shopper.to_string()]).await?.iter().map(cart_line).collect()
    }

    /// Adds or changes a line of a cart, if the cart has fewer than `limit` other lines. Returns whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn put_in_cart(
        &self,
        shopper: &Shopper,
        line: &CartLineRecord,
        change: CartChange,
        limit: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let quantity = match change {
            CartChange::Add => {
                "CASE WHEN carts.quantity + excluded.quantity > 99 THEN 99 ELSE carts.quantity + excluded.quantity END"
            }
            CartChange::Set => "excluded.quantity",
        };
        let sql = format!(
            "INSERT INTO carts (shopper, sku, quantity, price, added_ms) SELECT {CURRENT_SHOPPER}, $2, $3, $4, $5 \
             WHERE (SELECT COUNT(*) FROM carts WHERE shopper = {CURRENT_SHOPPER} AND sku <> $2) < $6 \
             ON CONFLICT (shopper, sku) DO UPDATE SET price = excluded.price, quantity = {quantity}"
        );
        let values = vec![
            text(shopper),
            text(&line.sku),
            Value::Number(line.quantity.get()),
            Value::Number(line.price.0),
            Value::Number(now_ms),
            Value::Number(limit),
        ];
        self.execute_within_limit("writing a cart", shopper, sql, values).await
    }

    /// Removes a line from a cart. A missing line is not an error.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn remove_from_cart(&self, shopper: &Shopper, sku: &Sku) -> Result<(), StoreError> {
        let sql = "DELETE FROM carts WHERE shopper = $1 AND sku = $2";
        self.execute("writing a cart", sql, vec![text(shopper), text(sku)]).await
    }
}

fn cart_line(row: &Row) -> Result<CartLineRecord, StoreError> {
    let quantity: i64 = rows::number(row, "quantity")?;
    Ok(CartLineRecord {
        sku: rows::text(row, "sku")?,
        quantity: Quantity::try_from(quantity).map_err(StoreError::during("reading a cart"))?,
        price: Fen(rows::number(row, "price")?),
    })
}
