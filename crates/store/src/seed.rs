//! The first start fills the empty tables of the catalogue.

use sqlx::{AnyConnection, Connection, Row};

use crate::{
    Store, StoreError,
    bulk::{Value, insert, text},
};
use model::catalogue::Product;

impl Store {
    /// Adds these products if the catalogue is empty. Two servers that start together add them once.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn seed_catalogue(&self, products: Vec<Product>) -> Result<(), StoreError> {
        let begin = self.dialect.begin();
        self.exclusive(move |connection| {
            Box::pin(async move {
                let mut transaction = connection
                    .begin_with(begin)
                    .await
                    .map_err(StoreError::during("beginning a transaction"))?;
                fill(&mut transaction, &products).await?;
                transaction.commit().await.map_err(StoreError::during("committing"))
            })
        })
        .await
    }
}

async fn fill(connection: &mut AnyConnection, products: &[Product]) -> Result<(), StoreError> {
    let doing = "filling the catalogue";
    let count = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS products FROM products")
        .fetch_one(&mut *connection)
        .await
        .and_then(|row| row.try_get::<i64, _>("products"))
        .map_err(StoreError::during(doing))?;
    if count > 0 {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(products.len());
    let mut skus = Vec::new();
    for (at, product) in (1..).zip(products) {
        rows.push([
            text(&product.id),
            Value::Number(at),
            text(&product.name),
            text(&product.category),
            text(&product.summary),
            text(&product.description),
            text(&product.picture),
        ]);
        for (at, spec) in (1..).zip(&product.skus) {
            skus.push([
                text(&spec.sku),
                text(&product.id),
                Value::Number(at),
                text(&spec.spec),
                Value::Number(spec.price.0),
                Value::Number(spec.stock),
            ]);
        }
    }
    let tail = "ON CONFLICT (id) DO NOTHING";
    let head = "INSERT INTO products (id, position, name, category, summary, description, picture)";
    insert(connection, doing, head, rows, tail).await?;
    let head = "INSERT INTO skus (id, product_id, position, spec, price, stock)";
    insert(connection, doing, head, skus, tail).await
}
