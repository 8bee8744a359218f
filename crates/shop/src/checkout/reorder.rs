use model::{OrderId, Shopper};

use crate::{Checkout, ShopError};

impl Checkout {
    /// Puts the lines of an order into the shopper's cart again, if they are still on sale. Returns how many pieces the cart
    /// holds then.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::CartFull`], or a failing database.
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
