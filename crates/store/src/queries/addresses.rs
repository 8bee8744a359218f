//! The addresses of shoppers. Plain statements write them, as for carts.

use model::{
    Shopper,
    address::{Address, Recipient},
};

use crate::{
    Store, StoreError, Update,
    driver::{Row, Value, text},
    queries::shoppers::CURRENT_SHOPPER,
    rows,
};

impl Store {
    /// A shopper's addresses: the default one first, then the last used first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn addresses(&self, shopper: &Shopper) -> Result<Vec<Address>, StoreError> {
        let sql = "SELECT id, name, phone, region, detail, is_default FROM addresses WHERE shopper = $1 \
                   ORDER BY is_default DESC, used_ms DESC, id"
            .to_owned();
        self.select(sql, &[&shopper.to_string()]).await?.iter().map(address).collect()
    }

    /// Saves an address, unless the shopper has `limit` addresses or has the same address already. Returns whether it
    /// was saved.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn add_address(
        &self,
        shopper: &Shopper,
        address: &Address,
        limit: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "INSERT INTO addresses (shopper, id, name, phone, region, detail, used_ms) \
             SELECT {CURRENT_SHOPPER}, $2, $3, $4, $5, $6, $7 \
             WHERE (SELECT COUNT(*) FROM addresses WHERE shopper = {CURRENT_SHOPPER}) < $8 AND NOT EXISTS \
             (SELECT 1 FROM addresses \
             WHERE shopper = {CURRENT_SHOPPER} AND name = $9 AND phone = $10 AND region = $11 AND detail = $12)"
        );
        let to = &address.recipient;
        let values = vec![
            text(shopper),
            text(&address.id),
            text(&to.name),
            text(&to.phone),
            text(&to.region),
            text(&to.detail),
            Value::Number(now_ms),
            Value::Number(limit),
            text(&to.name),
            text(&to.phone),
            text(&to.region),
            text(&to.detail),
        ];
        self.execute_within_limit("writing an address", shopper, sql, values).await
    }

    /// Changes an address of a shopper. Returns whether the shopper has this address.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn change_address(
        &self,
        shopper: &Shopper,
        id: &str,
        to: &Recipient,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE addresses SET name = $1, phone = $2, region = $3, detail = $4 WHERE shopper = $5 AND id = $6";
        let values = [&to.name, &to.phone, &to.region, &to.detail].map(text);
        let values = values.into_iter().chain([text(shopper), text(id)]);
        self.execute_one("writing an address", Update::new(sql, values)).await
    }

    /// Marks an address as used at `now_ms`.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn use_address(&self, shopper: &Shopper, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let sql = "UPDATE addresses SET used_ms = $3 WHERE shopper = $1 AND id = $2";
        let values = vec![text(shopper), text(id), Value::Number(now_ms)];
        self.execute("writing an address", sql, values).await
    }

    /// Makes an address the default. Nothing changes if the shopper does not have this address.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn make_address_default(&self, shopper: &Shopper, id: &str) -> Result<(), StoreError> {
        let sql = "UPDATE addresses SET is_default = CASE WHEN id = $1 THEN 1 ELSE 0 END WHERE shopper = $2 \
                   AND EXISTS (SELECT 1 FROM addresses own WHERE own.shopper = $3 AND own.id = $4)";
        self.execute("writing an address", sql, vec![text(id), text(shopper), text(shopper), text(id)]).await
    }

    /// Deletes an address of the shopper. A missing address is not an error.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn delete_address(&self, shopper: &Shopper, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM addresses WHERE shopper = $1 AND id = $2";
        self.execute("writing an address", sql, vec![text(shopper), text(id)]).await
    }
}

fn address(row: &Row) -> Result<Address, StoreError> {
    Ok(Address {
        id: rows::text(row, "id")?,
        recipient: Recipient {
            name: rows::text(row, "name")?,
            phone: rows::text(row, "phone")?,
            region: rows::text(row, "region")?,
            detail: rows::text(row, "detail")?,
        },
        is_default: rows::number(row, "is_default")? != 0,
    })
}
