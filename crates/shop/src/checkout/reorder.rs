use model::{OrderId, Shopper};

use crate::{Checkout, ShopError};

impl Checkout {
    /// Adds the lines of an order to the shopper's cart. Skips lines that are off sale. Returns the number of pieces in
    /// the cart.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order, [`ShopError::CartFull`], or a failing database.
    pub async fn order_again(&self, shopper: &Shopper, id: &OrderId) -> Result<i64, ShopError> {
        self.orders.own_order(shopper, id).await?;
        for item in self.store.items(id).await? {
            match self.add_to_cart(shopper, &item.sku, item.quantity).await {
                Ok(_) | Err(ShopError::NotFound | ShopError::OffShelf | ShopError::NotYetOnSale) => {}
                Err(error) => return Err(error),
            }
        }
        self.pieces_in_cart(shopper).await
    }
}
