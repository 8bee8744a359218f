use std::collections::HashMap;

use model::{
    Sku,
    catalogue::{Product, Specification},
};
use store::{Store, StoreError};

/// All products, in the order of the shop's pages.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shelf: Vec<Product>,
    all: Vec<Product>,
    by_sku: HashMap<Sku, (usize, usize)>,
}

impl Catalogue {
    /// The database's catalogue. An empty database gets `initial` first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open(store: &Store, initial: &Self) -> Result<Self, StoreError> {
        store.seed_catalogue(initial.all.clone()).await?;
        Self::read(store).await
    }

    /// The database's catalogue.
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        store.catalogue().await.map(Self::new)
    }

    pub(super) fn new(all: Vec<Product>) -> Self {
        let by_sku = all
            .iter()
            .enumerate()
            .flat_map(|(at, product)| {
                product.skus.iter().enumerate().map(move |(which, spec)| (spec.sku.clone(), (at, which)))
            })
            .collect();
        let shelf = all.iter().filter(|product| product.on_sale).cloned().collect();
        Self { shelf, all, by_sku }
    }

    /// The products on sale.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.shelf
    }

    /// All products, on sale or not.
    #[must_use]
    pub fn all_products(&self) -> &[Product] {
        &self.all
    }

    /// A product by its id, on sale or not.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.all.iter().find(|product| product.id.as_str() == id)
    }

    /// The products that contain every word of a text in their name, category, summary or specifications.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<Product> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let fits = |product: &&Product| {
            let specs = product.skus.iter().map(|spec| spec.spec.as_str());
            let all = [&*product.name, &product.category, &product.summary].into_iter().chain(specs);
            let all = all.collect::<Vec<_>>().join("\n").to_lowercase();
            words.iter().all(|word| all.contains(word.as_str()))
        };
        self.shelf.iter().filter(fits).cloned().collect()
    }

    /// A product and the specification that a sku names.
    #[must_use]
    pub fn sku(&self, sku: &Sku) -> Option<(&Product, &Specification)> {
        let (product, which) = *self.by_sku.get(sku)?;
        let product = self.all.get(product)?;
        Some((product, product.skus.get(which)?))
    }
}
