use model::Fen;

use super::Delivery;
use crate::{Checkout, ids::nonce};

/// What a shopper chose on the page that confirms an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Where the order goes.
    pub delivery: Delivery,
    /// The balance that the page showed, fen, if the shopper uses it. The order takes as much of it as it costs.
    pub balance: Option<Fen>,
    /// The price of a piece that the page showed, fen; of an order of one specification.
    pub price_seen: Option<Fen>,
    /// The key of the page: two taps send the same, and pay with the balance once. It becomes the order's link key.
    pub key: Option<String>,
}

impl Checkout {
    /// A new key for the page of a confirmation: 32 hexadecimal digits.
    #[must_use]
    pub fn confirmation_key(&self) -> String {
        nonce(&*self.ids)
    }
}
