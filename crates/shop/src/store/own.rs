//! What shoppers keep in the shop: their carts and addresses. No money depends on these rows, so they are written by
//! plain statements; the writer still takes them one after the other.

use model::{Fen, Quantity, Shopper, Sku};
use sqlx::{Row, any::AnyRow};

use super::{
    Store, StoreError,
    bulk::{Value, bind, text},
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

    pub(crate) async fn put_in_cart(
        &self,
        shopper: &Shopper,
        row: &CartRow,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO carts (shopper, sku, quantity, price, added_ms) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (shopper, sku) DO UPDATE SET quantity = excluded.quantity, price = excluded.price";
        let values = vec![
            text(shopper),
            text(&row.sku),
            Value::Number(row.quantity.get()),
            Value::Number(row.price.0),
            Value::Number(now_ms),
        ];
        self.change("writing a cart", sql, values).await
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

    pub(crate) async fn add_address(
        &self,
        shopper: &Shopper,
        address: &Address,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO addresses (id, shopper, name, phone, region, detail, used_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let to = &address.recipient;
        let values = vec![
            text(&address.id),
            text(shopper),
            text(&to.name),
            text(&to.phone),
            text(&to.region),
            text(&to.detail),
            Value::Number(now_ms),
        ];
        self.change("writing an address", sql, values).await
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
