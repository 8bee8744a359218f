//! The list of products in the console.

use model::catalogue::{Product, ProductView};

use super::Catalogue;

/// Which products the console lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Words, separated by spaces. A product must contain all of them in its name, category, summary, specifications or
    /// ids.
    pub search: String,
    /// The list; `None` for all products that are not deleted.
    pub view: Option<ProductView>,
}

impl Catalogue {
    /// The products of a filter, in the order of the shop's pages.
    #[must_use]
    pub fn listed(&self, filter: &ProductFilter) -> Vec<Product> {
        let words: Vec<String> = filter.search.split_whitespace().map(str::to_lowercase).collect();
        let is_listed = |product: &&Product| {
            let is_of_view = match filter.view {
                None => !product.archived,
                Some(ProductView::OnSale) => self.sale_state(product).is_on_sale(),
                Some(ProductView::OffSale) => !self.sale_state(product).is_on_sale() && !product.archived,
                Some(ProductView::Archived) => product.archived,
            };
            let text = searched_text(product);
            is_of_view && words.iter().all(|word| text.contains(word))
        };
        self.all_products().iter().filter(is_listed).cloned().collect()
    }
}

/// The text that a search reads, in lower case.
fn searched_text(product: &Product) -> String {
    let skus = product.skus.iter().flat_map(|spec| [spec.spec.as_str(), spec.sku.as_str()]);
    let all =
        [product.id.as_str(), &product.name, &product.category, &product.summary].into_iter().chain(skus);
    all.collect::<Vec<_>>().join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_looked_for_and_deleted_products_are_a_list_of_their_own() {
        let mut all = Catalogue::built_in().unwrap().all_products().to_vec();
        let count = all.len();
        all[0].archived = true;
        all[0].on_sale = false;
        all[1].on_sale = false;
        let catalogue = Catalogue::new(all.clone(), model::freight::FreightRules::default(), 0);
        let listed =
            |search: &str, view| catalogue.listed(&ProductFilter { search: search.to_owned(), view }).len();
        assert_eq!(listed("", None), count - 1);
        assert_eq!(listed("", Some(ProductView::OnSale)), count - 2);
        assert_eq!(listed("", Some(ProductView::OffSale)), 1);
        assert_eq!(listed("", Some(ProductView::Archived)), 1);
        let sku = all[2].skus[0].sku.to_string().to_uppercase();
        assert_eq!(listed(&format!("{} {sku}", all[2].name), None), 1);
        assert_eq!(listed(&format!("nothing {sku}"), None), 0);
    }
}
