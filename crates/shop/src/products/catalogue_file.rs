//! Reads `catalogue.toml`.

use std::collections::HashSet;

use model::{
    Fen,
    catalogue::{Product, Specification},
};
use serde::Deserialize;

use super::Catalogue;

/// What is wrong with the file, and where.
#[derive(Debug, thiserror::Error)]
#[error("catalogue.toml: {0}")]
pub struct CatalogueError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    product: Vec<ProductEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductEntry {
    id: String,
    name: String,
    category: String,
    summary: String,
    description: String,
    picture: String,
    #[serde(default)]
    pictures: Vec<String>,
    sku: Vec<SkuEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SkuEntry {
    id: String,
    #[serde(default)]
    spec: String,
    price: i64,
    stock: i64,
}

impl Catalogue {
    /// The catalogue of the repository.
    ///
    /// # Errors
    /// As [`Catalogue::parse`].
    pub fn built_in() -> Result<Self, CatalogueError> {
        Self::parse(include_str!("../../catalogue.toml"))
    }

    /// Reads a file: prices in fen, ids unique.
    ///
    /// # Errors
    /// [`CatalogueError`] names the entry that is wrong.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let file: File = toml::from_str(text).map_err(|error| CatalogueError(error.to_string()))?;
        let mut seen = HashSet::new();
        let mut products = Vec::with_capacity(file.product.len());
        for entry in file.product {
            let wrong = |what: &str| CatalogueError(format!("product {:?}: {what}", entry.id));
            let id = entry.id.parse().map_err(|error| wrong(&format!("{error}")))?;
            if entry.sku.is_empty() {
                return Err(wrong("it needs at least one sku"));
            }
            let mut skus = Vec::with_capacity(entry.sku.len());
            for sku in &entry.sku {
                let wrong = |what: &str| wrong(&format!("sku {:?}: {what}", sku.id));
                if !seen.insert(sku.id.clone()) {
                    return Err(wrong("this id is there twice"));
                }
                if sku.price < 1 || sku.stock < 0 {
                    return Err(wrong("a price is at least 1 fen, a stock at least 0"));
                }
                skus.push(Specification {
                    sku: sku.id.parse().map_err(|error| wrong(&format!("{error}")))?,
                    spec: sku.spec.clone(),
                    price: Fen(sku.price),
                    stock: sku.stock,
                });
            }
            if !seen.insert(format!("product {}", entry.id)) {
                return Err(wrong("this id is there twice"));
            }
            products.push(Product {
                id,
                name: entry.name,
                category: entry.category,
                summary: entry.summary,
                description: entry.description,
                picture: entry.picture,
                pictures: entry.pictures,
                skus,
                on_sale: true,
                archived: false,
                version: 0,
            });
        }
        Ok(Self::new(products))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_has_at_least_twenty_products_each_with_several_pictures() {
        let catalogue = Catalogue::built_in().unwrap();
        assert!(catalogue.products().len() >= 20, "{}", catalogue.products().len());
        for product in catalogue.products() {
            assert!(product.pictures.len() >= 2, "{}", product.id);
            for picture in std::iter::once(&product.picture).chain(&product.pictures) {
                let picture = format!("{}/../../public{picture}", env!("CARGO_MANIFEST_DIR"));
                assert!(std::path::Path::new(&picture).is_file(), "{picture}");
            }
        }
    }

    #[test]
    fn a_wrong_entry_is_named() {
        let text = "[[product]]\nid='a'\nname=''\ncategory=''\nsummary=''\ndescription=''\npicture=''\n\
                    [[product.sku]]\nid='a-1'\nprice=0\nstock=1";
        let error = Catalogue::parse(text).unwrap_err().to_string();
        assert_eq!(
            error,
            "catalogue.toml: product \"a\": sku \"a-1\": a price is at least 1 fen, a stock at least 0"
        );
    }
}
