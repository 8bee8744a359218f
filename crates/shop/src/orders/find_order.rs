//! Reads an order, if the shopper may see or change it.

use model::{OrderId, Shopper, record::OrderRecord};

use crate::{Orders, ShopError};

impl Orders {
    /// An order that this shopper placed. Another shopper's order is [`ShopError::NotFound`].
    pub(crate) async fn own_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper { Ok(order) } else { Err(ShopError::NotFound) }
    }

    /// An order that this shopper may see and pay: an own order, or an order that the shopper opened by its link.
    /// Otherwise [`ShopError::NotFound`].
    pub(crate) async fn seen_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper || self.store.has_visited(id, shopper).await? {
            Ok(order)
        } else {
            Err(ShopError::NotFound)
        }
    }
}
