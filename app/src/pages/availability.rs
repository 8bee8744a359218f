//! Says why a shopper cannot order a product.

use model::catalogue::SaleState;

use super::time::shanghai;
use crate::messages::{self, t};

/// Why a shopper cannot order `wanted` pieces; `None` if they can. `left` is the number of pieces in stock.
pub(super) fn why_not(sale: SaleState, left: i64, wanted: i64) -> Option<String> {
    match sale {
        SaleState::OnSale if left >= wanted => None,
        SaleState::OnSale => Some(format!("{} · {}", t(messages::NOT_ENOUGH_STOCK), messages::left(left))),
        other => Some(sale_words(other).unwrap_or_else(|| t(messages::OFF_SHELF).to_owned())),
    }
}

/// When the sale begins, or when it ended.
pub(super) fn sale_words(sale: SaleState) -> Option<String> {
    match sale {
        SaleState::NotYet(from_ms) => Some(messages::sale_begins(&shanghai(from_ms))),
        SaleState::Ended(until_ms) => Some(messages::sale_ended(&shanghai(until_ms))),
        SaleState::OnSale | SaleState::OffSale => None,
    }
}
