//! Finds the weights and the delivery rule from which [`price_order`] computes the price of an order.

use model::{
    Fen, Quantity, Sku,
    freight::FreightRule,
    price::{PriceBreakdown, PriceLine, price_order},
    record::DeliveryRecord,
};

use super::Delivery;
use crate::{Catalogue, Checkout, ShopError};

/// The reduction of every order, fen. To add coupons or member prices, compute it before the calls of [`price_order`].
pub(super) const REDUCTION: Fen = Fen::ZERO;

impl Checkout {
    /// Computes the price of lines before the order. `address` begins with its province; without an address the
    /// delivery is free.
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
        let rule = address.map(|address| rule_for_address(&catalogue, address)).transpose()?.flatten();
        price_order(&lines, rule.as_ref(), REDUCTION).ok_or(ORDER_TOO_EXPENSIVE)
    }
}

pub(super) const ORDER_TOO_EXPENSIVE: ShopError = ShopError::BadRequest("the order costs too much");

/// The delivery rule for an address; `None` if the delivery is free.
pub(super) fn rule_for_address(
    catalogue: &Catalogue,
    address: &str,
) -> Result<Option<FreightRule>, ShopError> {
    let rule = catalogue.freight().for_address(address).map_err(|_| ShopError::NoDelivery)?;
    Ok(rule.cloned())
}

/// The delivery rule for a delivery; `None` for a pickup, or if no delivery is chosen.
pub(super) fn rule_for_delivery(
    catalogue: &Catalogue,
    delivery: Option<&DeliveryRecord>,
) -> Result<Option<FreightRule>, ShopError> {
    let sent = delivery.filter(|delivery| !delivery.is_pickup());
    sent.map_or(Ok(None), |delivery| rule_for_address(catalogue, &delivery.address))
}

/// The weight of a piece, grams; 0 if unknown.
pub(super) fn weight_of(catalogue: &Catalogue, sku: &Sku) -> i64 {
    catalogue.sku(sku).map_or(0, |(_, spec)| spec.weight_g)
}

impl Delivery {
    /// Refuses a delivery cost other than the one that the page showed.
    pub(super) fn check_freight(&self, freight: Fen) -> Result<(), ShopError> {
        match self.freight_seen {
            Some(seen) if seen != freight => Err(ShopError::FreightChanged),
            Some(_) | None => Ok(()),
        }
    }
}
