//! What shoppers keep in the shop: their carts and addresses. No money depends on these rows, so they are written by
//! plain statements; the writer still takes them one after the other.

use model::{Fen, Quantity, Shopper, Sku};
use sqlx::{AssertSqlSafe, Connection, Row, any::AnyRow};

use super::{
    Dialect, Store, StoreError,
    bulk::{Value, bind, lock_names, text},
};
use crate::{Address, Recipient};

/// Something in a cart.
#[derive(Clone, Debug)]
pub struct CartRow {
    /// What.
    pub sku: Sku,
    /// How many.
    pub quantity: Quantity,
    /// What it cost when it was put in.
    pub price: Fen,
}

/// What a number of pieces for a cart means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// So many more than there are; 99 at most together.
    More,
    /// So many in all.
    InAll,
}

impl Store {
    /// What is in a shopper's cart, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] where the database fails; so for each of these.
    pub async fn cart(&self, shopper: &Shopper) -> Result<Vec<CartRow>, StoreError> {
        let sql = "SELECT sku, quantity, price FROM carts WHERE shopper = $1 ORDER BY added_ms DESC, sku"
            .to_owned();
        self.select(sql, &[&shopper.to_string()]).await?.iter().map(cart_row).collect()
    }

    /// Puts something into a cart: so many pieces more, or so many in all. Gives whether it was put in; it is not where the cart
    /// holds `most` other things.
    pub(crate) async fn put_in_cart(
        &self,
        shopper: &Shopper,
        row: &CartRow,
        to: Pieces,
        most: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let quantity = match to {
            Pieces::More => {
                "CASE WHEN carts.quantity + excluded.quantity > 99 THEN 99 ELSE carts.quantity + excluded.quantity END"
            }
            Pieces::InAll => "excluded.quantity",
        };
        let sql = format!(
            "INSERT INTO carts (shopper, sku, quantity, price, added_ms) SELECT $1, $2, $3, $4, $5 \
             WHERE (SELECT COUNT(*) FROM carts WHERE shopper = $6 AND sku <> $7) < $8 \
             ON CONFLICT (shopper, sku) DO UPDATE SET price = excluded.price, quantity = {quantity}"
        );
        let values = vec![
            text(shopper),
            text(&row.sku),
            Value::Number(row.quantity.get()),
            Value::Number(row.price.0),
            Value::Number(now_ms),
            text(shopper),
            text(&row.sku),
            Value::Number(most),
        ];
        self.change_within_limit("writing a cart", shopper, sql, values).await
    }

    pub(crate) async fn take_from_cart(&self, shopper: &Shopper, sku: &Sku) -> Result<(), StoreError> {
        let sql = "DELETE FROM carts WHERE shopper = $1 AND sku = $2";
        self.change("writing a cart", sql, vec![text(shopper), text(sku)]).await
    }

    /// A shopper's addresses, the one used last first.
    ///
    /// # Errors
    /// As [`Store::cart`].
    pub async fn addresses(&self, shopper: &Shopper) -> Result<Vec<Address>, StoreError> {
        let sql = "SELECT id, name, phone, region, detail FROM addresses WHERE shopper = $1 \
                   ORDER BY used_ms DESC, id"
            .to_owned();
        self.select(sql, &[&shopper.to_string()]).await?.iter().map(address).collect()
    }

    /// Saves an address. Gives whether it was saved; it is not where the shopper has `most` of them, or this one already.
    pub(crate) async fn add_address(
        &self,
        shopper: &Shopper,
        address: &Address,
        most: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO addresses (id, shopper, name, phone, region, detail, used_ms) \
                   SELECT $1, $2, $3, $4, $5, $6, $7 \
                   WHERE (SELECT COUNT(*) FROM addresses WHERE shopper = $8) < $9 AND NOT EXISTS (SELECT 1 FROM addresses \
                   WHERE shopper = $10 AND name = $11 AND phone = $12 AND region = $13 AND detail = $14)";
        let to = &address.recipient;
        let values = vec![
            text(&address.id),
            text(shopper),
            text(&to.name),
            text(&to.phone),
            text(&to.region),
            text(&to.detail),
            Value::Number(now_ms),
            text(shopper),
            Value::Number(most),
            text(shopper),
            text(&to.name),
            text(&to.phone),
            text(&to.region),
            text(&to.detail),
        ];
        self.change_within_limit("writing an address", shopper, sql.to_owned(), values).await
    }

    /// From now on this address is the one used last.
    pub(crate) async fn use_address(
        &self,
        shopper: &Shopper,
        id: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE addresses SET used_ms = $3 WHERE shopper = $1 AND id = $2";
        let values = vec![text(shopper), text(id), Value::Number(now_ms)];
        self.change("writing an address", sql, values).await
    }

    pub(crate) async fn drop_address(&self, shopper: &Shopper, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM addresses WHERE shopper = $1 AND id = $2";
        self.change("writing an address", sql, vec![text(shopper), text(id)]).await
    }

    /// Runs one statement that counts a shopper's rows, while no other server adds one. Gives whether it changed a row.
    async fn change_within_limit(
        &self,
        doing: &'static str,
        shopper: &Shopper,
        sql: String,
        values: Vec<Value>,
    ) -> Result<bool, StoreError> {
        let name = text(format!("own:{shopper}"));
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let dialect = Dialect::of_connection(connection);
                    let begun = connection.begin_with(dialect.begin()).await;
                    let mut transaction = begun.map_err(StoreError::during(doing))?;
                    if dialect.locks_rows() {
                        lock_names(&mut transaction, doing, vec![name]).await?;
                    }
                    let query = values.into_iter().fold(sqlx::query(AssertSqlSafe(sql)), bind);
                    let done = query.execute(&mut *transaction).await.map_err(StoreError::during(doing))?;
                    transaction.commit().await.map_err(StoreError::during(doing))?;
                    Ok(done.rows_affected() > 0)
                })
            })
            .await
    }

    /// Runs one statement, in its turn with the writer's.
    pub(crate) async fn change(
        &self,
        doing: &'static str,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let query = values.into_iter().fold(sqlx::query(sql), bind);
                    query.execute(connection).await.map(drop).map_err(StoreError::during(doing))
                })
            })
            .await
    }
}

fn cart_row(row: &AnyRow) -> Result<CartRow, StoreError> {
    let doing = "reading a cart";
    Ok(CartRow {
        sku: word(row, 0, doing)?.parse().map_err(StoreError::during(doing))?,
        quantity: Quantity::try_from(row.try_get::<i64, _>(1).map_err(StoreError::during(doing))?)
            .map_err(StoreError::during(doing))?,
        price: Fen(row.try_get(2).map_err(StoreError::during(doing))?),
    })
}

fn address(row: &AnyRow) -> Result<Address, StoreError> {
    let doing = "reading an address";
    Ok(Address {
        id: word(row, 0, doing)?,
        recipient: Recipient {
            name: word(row, 1, doing)?,
            phone: word(row, 2, doing)?,
            region: word(row, 3, doing)?,
            detail: word(row, 4, doing)?,
        },
    })
}

fn word(row: &AnyRow, column: usize, doing: &'static str) -> Result<String, StoreError> {
    row.try_get(column).map_err(StoreError::during(doing))
}
