use model::Fen;

use super::Delivery;
use crate::{Checkout, ids::nonce};

/// What a shopper chose on the confirmation page, and what the page showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Where the order goes.
    pub delivery: Delivery,
    /// The balance that the page showed, if the shopper uses it; otherwise `None`. The order uses at most its price.
    pub balance: Option<Fen>,
    /// The price of a piece that the page showed; `None` for an order of several specifications.
    pub price_seen: Option<Fen>,
    /// The idempotency key of the page: two taps send the same key, so the balance pays only once. It becomes the
    /// order's link key.
    pub key: Option<String>,
}

impl Checkout {
    /// A new idempotency key for a confirmation page: 32 hexadecimal digits.
    #[must_use]
    pub fn confirmation_key(&self) -> String {
        nonce(&*self.ids)
    }
}
