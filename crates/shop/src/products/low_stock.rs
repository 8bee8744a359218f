//! The specifications that sell out soon.

use model::ProductId;

use crate::{Products, ShopError};

/// A stock of so many pieces or fewer is low.
const LOW: i64 = 5;

/// The number of specifications that the list shows.
const LISTED: usize = 8;

/// A specification on sale of which few pieces are left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowStock {
    /// Its product.
    pub product: ProductId,
    /// The product's name.
    pub name: String,
    /// Colour, size.
    pub spec: String,
    /// The number of pieces that are left.
    pub left: i64,
}

impl Products {
    /// The specifications on sale with the fewest pieces, the fewest first, and how many more are low.
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
