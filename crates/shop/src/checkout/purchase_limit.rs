//! The purchase limit of a product for one shopper (限购). The command that places an order checks it; pages only show
//! it.

use model::{Language, ProductId, Quantity, Shopper, Sku, record::ItemRecord};
use store::UnitOfWork;

use crate::{Checkout, ShopError};

/// How many pieces of a product a shopper may buy in total. The orders of all openids of the person count, also unpaid
/// ones. Orders that are closed or fully refunded do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurchaseLimit {
    /// The limit in total, pieces.
    pub limit: i64,
    /// How many pieces the shopper may still buy.
    pub left: i64,
}

impl PurchaseLimit {
    /// The limit for a shopper who has bought `bought` pieces.
    #[must_use]
    pub fn new(limit: i64, bought: i64) -> Self {
        Self { limit, left: (limit - bought).max(0) }
    }

    /// The sentence for shoppers.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        let Self { limit, left } = self;
        let whole = left == limit;
        match (language, left) {
            (Language::Chinese, 0) => format!("每人限购 {limit} 件，您已买够"),
            (Language::Chinese, _) if whole => format!("每人限购 {limit} 件"),
            (Language::Chinese, _) => format!("每人限购 {limit} 件，您还可以买 {left} 件"),
            (Language::English, 0) => format!("At most {limit} per person. You have bought that many."),
            (Language::English, _) if whole => format!("At most {limit} per person."),
            (Language::English, _) => format!("At most {limit} per person. You can buy {left} more."),
        }
    }
}

/// A product with more pieces in an order than the shopper may still buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverLimit {
    /// The name of the product.
    pub product: String,
    /// The limit.
    pub limit: PurchaseLimit,
}

impl Checkout {
    /// The products with more pieces in these lines than the shopper may still buy. `None` as the shopper is a visitor
    /// without a session, who has bought nothing.
    ///
    /// # Errors
    /// A failing database.
    pub async fn over_limits(
        &self,
        shopper: Option<&Shopper>,
        lines: &[(Sku, Quantity)],
    ) -> Result<Vec<OverLimit>, ShopError> {
        let catalogue = self.catalogue.current();
        let limited: Vec<_> = lines
            .iter()
            .filter_map(|(sku, quantity)| Some((catalogue.sku(sku)?.0, quantity.get())))
            .filter_map(|(product, pieces)| Some((product, product.purchase_limit?, pieces)))
            .collect();
        if limited.is_empty() {
            return Ok(Vec::new());
        }
        let bought = match shopper {
            Some(shopper) => self.store.bought(shopper).await?,
            None => Vec::new(),
        };
        let sum = sums(limited.iter().map(|(product, _, pieces)| (&product.id, *pieces)));
        let mut over: Vec<OverLimit> = Vec::new();
        for (product, limit, _) in limited {
            let limit = PurchaseLimit::new(limit, pieces_of(&bought, &product.id));
            let is_known = over.iter().any(|known| known.product == product.name);
            if pieces_of(&sum, &product.id) > limit.left && !is_known {
                over.push(OverLimit { product: product.name.clone(), limit });
            }
        }
        Ok(over)
    }
}

/// Adds up the pieces of each product.
pub(super) fn sums<'a>(pieces: impl Iterator<Item = (&'a ProductId, i64)>) -> Vec<(ProductId, i64)> {
    let mut sums: Vec<(ProductId, i64)> = Vec::new();
    for (product, pieces) in pieces {
        match sums.iter_mut().find(|(known, _)| known == product) {
            Some((_, sum)) => *sum += pieces,
            None => sums.push((product.clone(), pieces)),
        }
    }
    sums
}

/// The pieces of a product in such a list; 0 if it is missing.
pub(super) fn pieces_of(sums: &[(ProductId, i64)], product: &ProductId) -> i64 {
    sums.iter().find(|(known, _)| known == product).map_or(0, |(_, pieces)| *pieces)
}

/// Checks the purchase limits for a new order. The command has read the skus and, with `ReadSet::holds`, the shopper.
///
/// # Errors
/// [`ShopError::OverLimit`] for the first product with too many pieces.
pub(super) fn check(unit: &UnitOfWork, shopper: &Shopper, items: &[ItemRecord]) -> Result<(), ShopError> {
    for (product, pieces) in sums_of(unit, items) {
        let limit = items.iter().find_map(|item| {
            unit.stock(&item.sku).filter(|row| row.product == product).and_then(|row| row.purchase_limit)
        });
        let Some(limit) = limit else { continue };
        let limit = PurchaseLimit::new(limit, unit.bought_of(shopper, &product));
        if pieces > limit.left {
            return Err(ShopError::OverLimit(limit));
        }
    }
    Ok(())
}

/// Adds the pieces of a new order to the counts, so that the next command of the group sees them.
pub(super) fn count(unit: &mut UnitOfWork, shopper: &Shopper, items: &[ItemRecord]) {
    for (product, pieces) in sums_of(unit, items) {
        unit.count_bought(shopper, &product, pieces);
    }
}

fn sums_of(unit: &UnitOfWork, items: &[ItemRecord]) -> Vec<(ProductId, i64)> {
    sums(items.iter().filter_map(|item| Some((&unit.stock(&item.sku)?.product, item.quantity.get()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_how_many_are_left() {
        let words = |bought| PurchaseLimit::new(2, bought).words(Language::Chinese);
        assert_eq!(words(0), "每人限购 2 件");
        assert_eq!(words(1), "每人限购 2 件，您还可以买 1 件");
        assert_eq!(words(2), "每人限购 2 件，您已买够");
        assert_eq!(words(5), words(2), "the limit was lowered after the order");
    }
}
