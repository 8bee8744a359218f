//! Fills the catalogue at the first start.

use crate::{
    Store, StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
    queries::{FREIGHT_HEAD, freight_values},
    rows,
};
use model::{catalogue::Product, freight::FreightRules};

impl Store {
    /// Adds these products and delivery rules if the catalogue is empty. Two servers that start at the same time add
    /// them once.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn seed_catalogue(
        &self,
        products: Vec<Product>,
        freight: FreightRules,
    ) -> Result<(), StoreError> {
        const CONTEXT: &str = "filling the catalogue";
        self.exclusive(move |connection| {
            Box::pin(async move {
                connection.begin(CONTEXT).await?;
                fill(connection, CONTEXT, &products, &freight).await?;
                connection.commit(CONTEXT).await
            })
        })
        .await
    }
}

async fn fill(
    connection: &mut Connection,
    context: &'static str,
    products: &[Product],
    freight: &FreightRules,
) -> Result<(), StoreError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS products FROM products";
    let row = connection.fetch_one(context, sql, Vec::new()).await?;
    if rows::number(&row, "products")? > 0 {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(products.len());
    let mut skus = Vec::new();
    let mut pictures = Vec::new();
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
        for (at, path) in (1..).zip(&product.pictures) {
            pictures.push([text(&product.id), text(path), Value::Number(at)]);
        }
        for (at, spec) in (1..).zip(&product.skus) {
            skus.push([
                text(&spec.sku),
                text(&product.id),
                Value::Number(at),
                text(&spec.spec),
                Value::Number(spec.price.0),
                Value::Number(spec.stock),
                Value::Number(spec.weight_g),
            ]);
        }
    }
    let tail = "ON CONFLICT (id) DO NOTHING";
    let head = "INSERT INTO products (id, position, name, category, summary, description, picture)";
    insert(connection, context, head, rows, tail).await?;
    let head = "INSERT INTO skus (id, product_id, position, spec, price, stock, weight_g)";
    insert(connection, context, head, skus, tail).await?;
    let head = "INSERT INTO product_pictures (product_id, path, position)";
    insert(connection, context, head, pictures, "ON CONFLICT (product_id, path) DO NOTHING").await?;
    let rules = (1..).zip(&freight.0).map(|(at, rule)| freight_values(at, rule)).collect();
    insert(connection, context, FREIGHT_HEAD, rules, "ON CONFLICT (position) DO NOTHING").await
}
