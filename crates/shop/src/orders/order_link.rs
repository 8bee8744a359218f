//! The secret link of an order. A person with the link can see and pay the order, but does not see its address.

use model::{OrderId, Shopper, record::OrderRecord};
use store::{Command, ReadSet, UnitOfWork};
use subtle::ConstantTimeEq;

use crate::{Orders, ShopError};

impl Orders {
    /// Allows a shopper who opened the link to see and pay the order from now on. Returns whether another shopper
    /// placed it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] for a wrong key, or a failing database.
    pub async fn visit_order(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        link_key: &str,
    ) -> Result<bool, ShopError> {
        let order = self.linked_order(id, link_key).await?;
        if order.shopper == *shopper {
            return Ok(false);
        }
        let visit = Visit { order_id: order.id, shopper: shopper.clone() };
        self.store.write(visit).await?;
        Ok(true)
    }

    /// The path of an order's link, for the shopper who placed it; `None` for other shoppers and for old orders without
    /// a link.
    ///
    /// # Errors
    /// A failing database.
    pub async fn order_link(&self, shopper: &Shopper, id: &OrderId) -> Result<Option<String>, ShopError> {
        let order = match self.own_order(shopper, id).await {
            Ok(order) => order,
            Err(ShopError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok((!order.link_key.is_empty()).then(|| format!("/orders/{id}/link/{}", order.link_key)))
    }

    pub(crate) async fn linked_order(&self, id: &OrderId, link_key: &str) -> Result<OrderRecord, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        let fits: bool = order.link_key.as_bytes().ct_eq(link_key.as_bytes()).into();
        if order.link_key.is_empty() || !fits { Err(ShopError::NotFound) } else { Ok(order) }
    }
}

struct Visit {
    order_id: OrderId,
    shopper: Shopper,
}

impl Command for Visit {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        unit.record_visitor(&self.order_id, &self.shopper);
    }
}
