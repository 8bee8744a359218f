use std::{collections::HashMap, ops::Range};

use model::{
    Sku,
    catalogue::{Product, SaleState, Specification},
    freight::FreightRules,
};
use store::{Store, StoreError};

use super::Synonyms;

/// The catalogue in memory: all products in the order of the shop's pages, the delivery rules, and the products that
/// are on sale at one time (the shelf).
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The time for which the shelf was computed, ms since 1970.
    now_ms: i64,
    /// The time range in which the shelf does not change, ms since 1970: it ends when the next sale begins or ends.
    same: Range<i64>,
    shelf: Vec<Product>,
    all: Vec<Product>,
    by_sku: HashMap<Sku, (usize, usize)>,
    freight: FreightRules,
}

impl Catalogue {
    /// Reads the catalogue from the database. Fills an empty database with `initial` first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open(store: &Store, initial: &Self, now_ms: i64) -> Result<Self, StoreError> {
        store.seed_catalogue(initial.all.clone(), initial.freight.clone()).await?;
        Self::read(store, now_ms).await
    }

    /// Reads the catalogue from the database.
    pub(crate) async fn read(store: &Store, now_ms: i64) -> Result<Self, StoreError> {
        Ok(Self::new(store.catalogue().await?, store.freight_rules().await?, now_ms))
    }

    pub(super) fn new(all: Vec<Product>, freight: FreightRules, now_ms: i64) -> Self {
        let by_sku = all
            .iter()
            .enumerate()
            .flat_map(|(at, product)| {
                product.skus.iter().enumerate().map(move |(which, spec)| (spec.sku.clone(), (at, which)))
            })
            .collect();
        let shelf = all.iter().filter(|product| product.sale_state(now_ms).is_on_sale()).cloned().collect();
        let mut same = i64::MIN..i64::MAX;
        for time in all.iter().flat_map(|product| [product.sale.from_ms, product.sale.until_ms]).flatten() {
            if time <= now_ms {
                same.start = same.start.max(time);
            } else {
                same.end = same.end.min(time);
            }
        }
        Self { now_ms, same, shelf, all, by_sku, freight }
    }

    /// Whether the shelf is different at this time, ms since 1970.
    pub(super) fn is_of_another_time(&self, now_ms: i64) -> bool {
        !self.same.contains(&now_ms)
    }

    /// The same catalogue with the shelf of another time, ms since 1970; `None` if the shelf does not change.
    pub(super) fn at(&self, now_ms: i64) -> Option<Self> {
        self.is_of_another_time(now_ms).then(|| Self::new(self.all.clone(), self.freight.clone(), now_ms))
    }

    /// The sale state of a product at the time of the shelf.
    #[must_use]
    pub fn sale_state(&self, product: &Product) -> SaleState {
        product.sale_state(self.now_ms)
    }

    /// The products that are on sale.
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

    /// The products on sale that contain every word in their name, category, summary or specifications. Products with
    /// all words in the name come first. A synonym counts as the word. If there are none: similar products, which
    /// contain at least half of the characters of each Chinese word, the best first (杯子 finds 杯).
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

    /// The product and the specification of a sku; `None` if the catalogue does not have it.
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
    /// Whether they are only similar: no product contains every word.
    pub is_similar: bool,
}

/// The text that a search reads, in lower case.
fn searched_text(product: &Product) -> String {
    let specs = product.skus.iter().map(|spec| spec.spec.as_str());
    let all = [&*product.name, &product.category, &product.summary].into_iter().chain(specs);
    all.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// The number of characters of a word that a text contains. `None` if it is less than half of them, or if the word is
/// not Chinese and not in the text.
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
    use model::catalogue::SalePeriod;

    use super::*;

    #[test]
    fn the_shelf_changes_at_the_moment_when_a_sale_begins_or_ends() {
        let mut all = Catalogue::built_in().unwrap().all_products().to_vec();
        all[0].sale = SalePeriod { from_ms: Some(100), until_ms: Some(200) };
        let (count, first) = (all.len(), all[0].id.clone());
        let mut catalogue = Catalogue::new(all, FreightRules::default(), 0);
        // a clock can also go back
        for (now_ms, changes, is_on_sale) in
            [(99, false, false), (100, true, true), (199, false, true), (200, true, false), (150, true, true)]
        {
            let next = catalogue.at(now_ms);
            assert_eq!(next.is_some(), changes, "{now_ms}");
            catalogue = next.unwrap_or(catalogue);
            assert_eq!(catalogue.products().len(), count - usize::from(!is_on_sale), "{now_ms}");
            assert!(catalogue.product(first.as_str()).is_some());
        }
    }

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
