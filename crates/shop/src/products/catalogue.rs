use std::collections::HashMap;

use model::{
    Sku,
    catalogue::{Product, Specification},
    freight::FreightRules,
};
use store::{Store, StoreError};

use super::Synonyms;

/// All products, in the order of the shop's pages, and what their delivery costs.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shelf: Vec<Product>,
    all: Vec<Product>,
    by_sku: HashMap<Sku, (usize, usize)>,
    freight: FreightRules,
}

impl Catalogue {
    /// The database's catalogue. An empty database gets `initial` first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open(store: &Store, initial: &Self) -> Result<Self, StoreError> {
        store.seed_catalogue(initial.all.clone(), initial.freight.clone()).await?;
        Self::read(store).await
    }

    /// The database's catalogue.
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self::new(store.catalogue().await?, store.freight_rules().await?))
    }

    pub(super) fn new(all: Vec<Product>, freight: FreightRules) -> Self {
        let by_sku = all
            .iter()
            .enumerate()
            .flat_map(|(at, product)| {
                product.skus.iter().enumerate().map(move |(which, spec)| (spec.sku.clone(), (at, which)))
            })
            .collect();
        let shelf = all.iter().filter(|product| product.on_sale).cloned().collect();
        Self { shelf, all, by_sku, freight }
    }

    /// The products on sale.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.shelf
    }

    /// The rules of the delivery cost.
    #[must_use]
    pub const fn freight(&self) -> &FreightRules {
        &self.freight
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

    /// The products that contain every word of a text in their name, category, summary or specifications, those with the words
    /// in their name first. If there are none, the products that contain half of the characters of each Chinese word, the best
    /// first: 杯子 finds 杯. A synonym counts as the word.
    #[must_use]
    pub fn search(&self, text: &str, synonyms: &Synonyms) -> SearchResult {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return SearchResult::default();
        }
        let texts: Vec<(&Product, String)> =
            self.shelf.iter().map(|product| (product, searched_text(product))).collect();
        let fits = |text: &str| words.iter().all(|word| synonyms.of(word).any(|word| text.contains(word)));
        let mut products: Vec<Product> =
            texts.iter().filter(|(_, text)| fits(text)).map(|(product, _)| (*product).clone()).collect();
        if !products.is_empty() {
            products.sort_by_key(|product| !fits(&product.name.to_lowercase()));
            return SearchResult { products, is_similar: false };
        }
        let mut similar: Vec<(usize, &Product)> = texts
            .iter()
            .filter_map(|(product, text)| {
                let common: Option<usize> = words.iter().map(|word| common_characters(word, text)).sum();
                Some((common?, *product))
            })
            .collect();
        similar.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
        SearchResult {
            products: similar.into_iter().map(|(_, product)| product.clone()).collect(),
            is_similar: true,
        }
    }

    /// A product and the specification that a sku names.
    #[must_use]
    pub fn sku(&self, sku: &Sku) -> Option<(&Product, &Specification)> {
        let (product, which) = *self.by_sku.get(sku)?;
        let product = self.all.get(product)?;
        Some((product, product.skus.get(which)?))
    }
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct SearchResult {
    /// The products, the best first.
    pub products: Vec<Product>,
    /// Whether they only resemble the words of the search.
    pub is_similar: bool,
}

/// What a search looks at, in small letters.
fn searched_text(product: &Product) -> String {
    let specs = product.skus.iter().map(|spec| spec.spec.as_str());
    let all = [&*product.name, &product.category, &product.summary].into_iter().chain(specs);
    all.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// The number of a word's characters that a text contains. `None` if it is less than half of them, or if letters of a word
/// that is not Chinese are missing.
fn common_characters(word: &str, text: &str) -> Option<usize> {
    let all = word.chars().count();
    if text.contains(word) {
        return Some(all);
    }
    let is_chinese = word.chars().all(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
    let common = word.chars().filter(|character| text.contains(*character)).count();
    (is_chinese && common * 2 >= all).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synonym_finds_what_the_word_finds() {
        let catalogue = Catalogue::built_in().unwrap();
        let found =
            |text: &str, synonyms: &str| catalogue.search(text, &Synonyms::parse(synonyms)).products.len();
        assert_eq!(found("fountain", ""), 0);
        let pens = found("钢笔", "");
        assert!(pens > 0);
        assert_eq!(found("Fountain", "钢笔,fountain"), pens);
    }

    #[test]
    fn similar_products_are_no_results_and_a_name_comes_before_a_summary() {
        let catalogue = Catalogue::built_in().unwrap();
        let board = catalogue.search("滑板", &Synonyms::default());
        assert!(board.is_similar, "{board:?}");
        let tea = catalogue.search("茶", &Synonyms::default());
        assert!(!tea.is_similar);
        let in_name: Vec<bool> = tea.products.iter().map(|product| product.name.contains('茶')).collect();
        assert!(in_name.contains(&true) && in_name.contains(&false), "{in_name:?}");
        assert!(in_name.is_sorted_by(|one, next| one >= next), "{in_name:?}");
    }
}
