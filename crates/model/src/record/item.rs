use std::fmt::Display;

use crate::{
    Fen, OrderId, ProductId, Quantity, Sku,
    catalogue::{SalePeriod, SaleState},
};

/// A line of an order, as it was when the shopper placed the order.
#[derive(Clone, Debug)]
pub struct ItemRecord {
    /// The order.
    pub order_id: OrderId,
    /// The number of the line, from 1.
    pub position: i64,
    /// The specification.
    pub sku: Sku,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// The path of the product's picture.
    pub picture: String,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces.
    pub quantity: Quantity,
    /// The line's part of the order's reduction, fen.
    pub reduction: Fen,
}

impl ItemRecord {
    /// The text of [`pieces_in_words`] for so many pieces of this line.
    #[must_use]
    pub fn in_words(&self, pieces: impl Display) -> String {
        pieces_in_words(&self.name, &self.spec, pieces)
    }
}

/// A product, its specification (may be empty) and a number of pieces in one text: `青瓷马克杯 300 毫升 ×2`.
#[must_use]
pub fn pieces_in_words(name: &str, spec: &str, pieces: impl Display) -> String {
    let space = if spec.is_empty() { "" } else { " " };
    format!("{name}{space}{spec} ×{pieces}")
}

/// The current price and stock of a specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRecord {
    /// The specification.
    pub sku: Sku,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces that can be ordered.
    pub stock: i64,
    /// Whether staff put its product on sale.
    pub on_sale: bool,
    /// Its product.
    pub product: ProductId,
    /// How many pieces of the product one shopper may buy in total; `None` for no limit.
    pub purchase_limit: Option<i64>,
    /// The period in which shoppers can order its product.
    pub sale: SalePeriod,
}

impl StockRecord {
    /// Whether shoppers can order it at a time, ms since 1970.
    #[must_use]
    pub fn sale_state(&self, now_ms: i64) -> SaleState {
        self.sale.state_at(self.on_sale, now_ms)
    }
}
