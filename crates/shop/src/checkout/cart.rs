//! The cart.

use model::{Fen, Quantity, Shopper, Sku, catalogue::SaleState, record::CartRecord};
use store::CartChange;

use crate::{Checkout, ShopError, orders::check_sale};

/// The largest number of lines in a cart: as many as an order may have.
const MOST: i64 = 50;

/// A line of a cart, with the price and the stock of now.
#[derive(Clone, Debug)]
pub struct CartLine {
    /// What.
    pub sku: Sku,
    /// Its product, part of its address.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// Its picture.
    pub picture: String,
    /// How many.
    pub quantity: Quantity,
    /// The price of a piece now.
    pub price: Fen,
    /// The price of a piece when the shopper added it.
    pub price_when_added: Fen,
    /// The number of pieces in stock.
    pub stock_left: i64,
    /// Whether shoppers can order the product now.
    pub sale: SaleState,
}

impl CartLine {
    /// Whether the line can be ordered: the product is on sale, and the stock is enough.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.sale.is_on_sale() && self.stock_left >= self.quantity.get()
    }
}

impl Checkout {
    /// A shopper's cart. A line whose product is not on sale stays in it, and cannot be ordered.
    ///
    /// # Errors
    /// A failing database.
    pub async fn cart(&self, shopper: &Shopper) -> Result<Vec<CartLine>, ShopError> {
        let rows = self.store.cart(shopper).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let stocks = self.store.stock_in_cart(shopper).await?;
        let now_ms = self.clock.now_ms();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let stock = stocks.iter().find(|stock| stock.sku == row.sku)?;
                let catalogue = self.catalogue.current();
                let (product, spec) = catalogue.sku(&row.sku)?;
                Some(CartLine {
                    sku: row.sku,
                    product: product.id.to_string(),
                    name: product.name.clone(),
                    spec: spec.spec.clone(),
                    picture: product.picture.clone(),
                    quantity: row.quantity,
                    price: stock.price,
                    price_when_added: row.price,
                    stock_left: stock.stock,
                    sale: stock.sale_state(now_ms),
                })
            })
            .collect())
    }

    /// Adds pieces to a shopper's cart. Returns how many pieces the cart holds then.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] for an unknown sku, [`ShopError::CartFull`], or a failing database.
    pub async fn add_to_cart(
        &self,
        shopper: &Shopper,
        sku: &Sku,
        quantity: Quantity,
    ) -> Result<i64, ShopError> {
        self.put_in_cart(shopper, sku, quantity, CartChange::Add).await
    }

    /// Sets the number of pieces of a line in a shopper's cart; `None` removes the line.
    ///
    /// # Errors
    /// As [`Checkout::add_to_cart`].
    pub async fn change_cart(
        &self,
        shopper: &Shopper,
        sku: &Sku,
        quantity: Option<Quantity>,
    ) -> Result<i64, ShopError> {
        let Some(quantity) = quantity else {
            self.store.remove_from_cart(shopper, sku).await?;
            return self.pieces_in_cart(shopper).await;
        };
        self.put_in_cart(shopper, sku, quantity, CartChange::Set).await
    }

    /// The number of pieces in a shopper's cart.
    ///
    /// # Errors
    /// A failing database.
    pub async fn pieces_in_cart(&self, shopper: &Shopper) -> Result<i64, ShopError> {
        Ok(self.store.cart(shopper).await?.iter().map(|row| row.quantity.get()).sum())
    }

    async fn put_in_cart(
        &self,
        shopper: &Shopper,
        sku: &Sku,
        quantity: Quantity,
        to: CartChange,
    ) -> Result<i64, ShopError> {
        let stock = self.store.stock_of_sku(sku).await?.ok_or(ShopError::NotFound)?;
        check_sale(stock.sale_state(self.clock.now_ms()))?;
        let row = CartRecord { sku: sku.clone(), quantity, price: stock.price };
        if !self.store.put_in_cart(shopper, &row, to, MOST, self.clock.now_ms()).await? {
            return Err(ShopError::CartFull);
        }
        self.pieces_in_cart(shopper).await
    }
}
