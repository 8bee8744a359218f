//! What an order costs where it goes. [`price_order`] computes it; this file finds the rule of the place and the weights.

use model::{
    Fen, Quantity, Sku,
    freight::FreightRule,
    price::{PriceBreakdown, PriceLine, price_order},
    record::DeliveryRecord,
};

use super::Delivery;
use crate::{Catalogue, Checkout, ShopError};

/// What is taken off the goods of every order, fen. A shop with coupons or member prices computes it here, before it calls
/// [`price_order`].
pub(super) const REDUCTION: Fen = Fen::ZERO;

impl Checkout {
    /// What lines cost before they are ordered. `address` begins with its province; without one the delivery costs nothing.
    ///
    /// # Errors
    /// [`ShopError::NoDelivery`], or [`ShopError::BadRequest`] if the lines cost too much.
    pub fn price(
        &self,
        lines: &[(Sku, Fen, Quantity)],
        address: Option<&str>,
    ) -> Result<PriceBreakdown, ShopError> {
        let catalogue = self.catalogue.current();
        let lines: Vec<PriceLine> = lines
            .iter()
            .map(|(sku, price, quantity)| PriceLine {
                price: *price,
                quantity: *quantity,
                weight_g: weight_of(&catalogue, sku),
            })
            .collect();
        let rule = address.map(|address| rule_for(&catalogue, address)).transpose()?.flatten();
        price_order(&lines, rule.as_ref(), REDUCTION).ok_or(TOO_MUCH)
    }
}

pub(super) const TOO_MUCH: ShopError = ShopError::BadRequest("the order costs too much");

/// The rule for an address. `None`: the delivery is free.
pub(super) fn rule_for(catalogue: &Catalogue, address: &str) -> Result<Option<FreightRule>, ShopError> {
    let rule = catalogue.freight().for_address(address).map_err(|_| ShopError::NoDelivery)?;
    Ok(rule.cloned())
}

/// The rule for a delivery. An order that the shopper collects, or whose delivery is not chosen, has none.
pub(super) fn rule_of(
    catalogue: &Catalogue,
    delivery: Option<&DeliveryRecord>,
) -> Result<Option<FreightRule>, ShopError> {
    let sent = delivery.filter(|delivery| !delivery.is_pickup());
    sent.map_or(Ok(None), |delivery| rule_for(catalogue, &delivery.address))
}

/// The weight of a piece, grams.
pub(super) fn weight_of(catalogue: &Catalogue, sku: &Sku) -> i64 {
    catalogue.sku(sku).map_or(0, |(_, spec)| spec.weight_g)
}

impl Delivery {
    /// Refuses a delivery cost that is not the one that the page showed.
    pub(super) fn check_freight(&self, freight: Fen) -> Result<(), ShopError> {
        match self.freight_seen {
            Some(seen) if seen != freight => Err(ShopError::FreightChanged),
            Some(_) | None => Ok(()),
        }
    }
}
