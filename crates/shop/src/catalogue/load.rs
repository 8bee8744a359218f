//! Between the catalogue and the tables `products` and `skus`.

use model::Fen;
use sqlx::Row;

use super::{Catalogue, Product, Specification};
use crate::{Store, StoreError};

impl Catalogue {
    /// The database's catalogue; an empty database is filled from `initial` first.
    ///
    /// # Errors
    /// [`StoreError`] where the database fails.
    pub async fn load(store: &Store, initial: &Self) -> Result<Self, StoreError> {
        store.fill_catalogue(initial.all.clone()).await?;
        Self::read(store).await
    }

    /// The database's catalogue.
    pub(super) async fn read(store: &Store) -> Result<Self, StoreError> {
        store.catalogue().await.map(Self::new)
    }
}

impl Store {
    async fn catalogue(&self) -> Result<Vec<Product>, StoreError> {
        let sql = "SELECT p.id, p.name, p.category, p.summary, p.description, p.picture, s.id, s.spec, s.price, \
                   s.stock, p.on_sale, p.version FROM products p JOIN skus s ON s.product_id = p.id ORDER BY p.position, s.position";
        let rows = self.select(sql.to_owned(), &[]).await?;
        let mut products: Vec<Product> = Vec::new();
        for row in &rows {
            let text = |column: usize| {
                row.try_get::<String, _>(column).map_err(StoreError::during("reading a product"))
            };
            let number = |column: usize| {
                row.try_get::<i64, _>(column).map_err(StoreError::during("reading a product"))
            };
            let spec = Specification {
                sku: text(6)?.parse().map_err(StoreError::during("reading a sku"))?,
                spec: text(7)?,
                price: Fen(number(8)?),
                stock: number(9)?,
            };
            let id = text(0)?;
            match products.last_mut() {
                Some(product) if product.id.as_str() == id => product.skus.push(spec),
                _ => products.push(Product {
                    id: id.parse().map_err(StoreError::during("reading a product"))?,
                    name: text(1)?,
                    category: text(2)?,
                    summary: text(3)?,
                    description: text(4)?,
                    picture: text(5)?,
                    skus: vec![spec],
                    on_sale: number(10)? != 0,
                    version: number(11)?,
                }),
            }
        }
        Ok(products)
    }
}
