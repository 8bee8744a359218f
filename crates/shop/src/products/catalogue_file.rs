//! Reads `catalogue.toml`, the catalogue for an empty database.

use std::collections::HashSet;

use model::{
    Fen,
    catalogue::{Product, SalePeriod, Specification},
    freight::{FreightRule, FreightRules, FreightUnit},
};
use serde::Deserialize;

use super::{Catalogue, freight::check_rules};

/// Which entry of the file is wrong, and why.
#[derive(Debug, thiserror::Error)]
#[error("catalogue.toml: {0}")]
pub struct CatalogueError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    product: Vec<ProductEntry>,
    #[serde(default)]
    freight: Vec<FreightEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreightEntry {
    #[serde(default)]
    provinces: Vec<String>,
    #[serde(default = "by_piece")]
    unit: String,
    first_units: i64,
    first_fee: i64,
    additional_units: i64,
    additional_fee: i64,
    free_from: Option<i64>,
}

fn by_piece() -> String {
    FreightUnit::Piece.to_string()
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
    #[serde(default)]
    weight_g: i64,
}

impl Catalogue {
    /// The catalogue that is compiled into the program.
    ///
    /// # Errors
    /// As [`Catalogue::parse`].
    pub fn built_in() -> Result<Self, CatalogueError> {
        Self::parse(include_str!("../../catalogue.toml"))
    }

    /// Reads a catalogue from TOML. Prices are in fen; ids must be unique.
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
                if sku.price < 1 || sku.stock < 0 || sku.weight_g < 0 {
                    return Err(wrong("a price is at least 1 fen, a stock and a weight at least 0"));
                }
                skus.push(Specification {
                    sku: sku.id.parse().map_err(|error| wrong(&format!("{error}")))?,
                    spec: sku.spec.clone(),
                    price: Fen(sku.price),
                    stock: sku.stock,
                    weight_g: sku.weight_g,
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
                options: Vec::new(),
                skus,
                on_sale: true,
                sale: SalePeriod::default(),
                archived: false,
                purchase_limit: None,
                version: 0,
            });
        }
        let mut rules = Vec::with_capacity(file.freight.len());
        for (at, entry) in (1..).zip(file.freight) {
            let wrong = |what: &str| CatalogueError(format!("freight {at}: {what}"));
            let unit = entry.unit.parse().map_err(|_| wrong("unit is piece or gram"))?;
            rules.push(FreightRule {
                provinces: entry.provinces,
                unit,
                first_units: entry.first_units,
                first_fee: Fen(entry.first_fee),
                additional_units: entry.additional_units,
                additional_fee: Fen(entry.additional_fee),
                free_from: entry.free_from.map(Fen),
            });
        }
        let rules = check_rules(&rules)
            .map_err(|problem| CatalogueError(format!("freight {}: {}", problem.position, problem.error)))?;
        Ok(Self::new(products, FreightRules(rules), 0))
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
            "catalogue.toml: product \"a\": sku \"a-1\": a price is at least 1 fen, a stock and a weight at least 0"
        );
    }
}
