//! The specifications with a low stock, for the console.

use model::ProductId;

use crate::{Products, ShopError};

/// The highest stock that counts as low, pieces.
const LOW: i64 = 5;

/// The maximum number of specifications in the list.
const LISTED: usize = 8;

/// A specification on sale with a low stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowStock {
    /// Its product.
    pub product: ProductId,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// The number of pieces that are left.
    pub left: i64,
}

impl Products {
    /// The specifications on sale with a low stock, the lowest first, and how many more there are.
    ///
    /// # Errors
    /// A failing database.
    pub async fn low_stock(&self) -> Result<(Vec<LowStock>, usize), ShopError> {
        let (catalogue, stock) = (self.catalogue(), self.stock().await?);
        let mut low: Vec<LowStock> = Vec::new();
        for product in catalogue.products() {
            for known in &product.skus {
                let left = stock.iter().find(|row| row.sku == known.sku).map(|row| row.stock);
                if let Some(left) = left.filter(|left| *left <= LOW) {
                    let (product, name, spec) =
                        (product.id.clone(), product.name.clone(), known.spec.clone());
                    low.push(LowStock { product, name, spec, left });
                }
            }
        }
        low.sort_by_key(|known| known.left);
        let more = low.len().saturating_sub(LISTED);
        low.truncate(LISTED);
        Ok((low, more))
    }
}
