use crate::{Fen, Quantity, Sku};

/// A line of a cart.
#[derive(Clone, Debug)]
pub struct CartLineRecord {
    /// The specification.
    pub sku: Sku,
    /// The number of pieces.
    pub quantity: Quantity,
    /// The price of a piece when the shopper added it, fen.
    pub price: Fen,
}
