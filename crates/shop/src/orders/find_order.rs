//! Finds the order that a shopper may see, pay or change.

use model::{OrderId, Shopper, record::OrderRecord};

use crate::{Orders, ShopError};

impl Orders {
    /// The record of an order that this shopper placed.
    pub(crate) async fn own_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper { Ok(order) } else { Err(ShopError::NotFound) }
    }

    /// The record of an order that this shopper may see and pay: an own order, or one opened by its link.
    pub(crate) async fn seen_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper || self.store.has_visited(id, shopper).await? {
            Ok(order)
        } else {
            Err(ShopError::NotFound)
        }
    }
}
