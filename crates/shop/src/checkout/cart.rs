//! The shopper's cart.

use model::{Fen, Quantity, Shopper, Sku, catalogue::SaleState, record::CartLineRecord};
use store::CartChange;

use super::purchase_limit::{PurchaseLimit, pieces_of, sums};
use crate::{Checkout, ShopError, orders::check_sale};

/// The maximum number of lines in a cart, the same as in an order.
const MAX_CART_LINES: i64 = 50;

/// A line of a cart, with the current price and stock.
#[derive(Clone, Debug)]
pub struct CartLine {
    /// The specification.
    pub sku: Sku,
    /// The id of its product.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// The path of the product's first picture.
    pub picture: String,
    /// The number of pieces.
    pub quantity: Quantity,
    /// The current price of a piece.
    pub price: Fen,
    /// The price of a piece when the shopper added it.
    pub price_when_added: Fen,
    /// The number of pieces in stock.
    pub stock_left: i64,
    /// Whether shoppers can order the product now.
    pub sale: SaleState,
    /// The purchase limit of the product for this shopper; `None` for no limit.
    pub limit: Option<PurchaseLimit>,
    /// Whether all lines of the cart together have more pieces of the product than the shopper may still buy.
    pub is_over_limit: bool,
}

impl CartLine {
    /// Whether the shopper can order the line: the product is on sale, the stock is enough, and the purchase limit
    /// allows it.
    #[must_use]
    pub fn is_available(&self) -> bool {
        let pieces = self.quantity.get();
        self.sale.is_on_sale()
            && self.stock_left >= pieces
            && self.limit.is_none_or(|limit| limit.left >= pieces)
    }
}

impl Checkout {
    /// A shopper's cart. It also has lines whose product is off sale; these cannot be ordered.
    ///
    /// # Errors
    /// A failing database.
    pub async fn cart(&self, shopper: &Shopper) -> Result<Vec<CartLine>, ShopError> {
        let rows = self.store.cart(shopper).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let stocks = self.store.stock_in_cart(shopper).await?;
        let bought = match stocks.iter().any(|stock| stock.purchase_limit.is_some()) {
            true => self.store.bought(shopper).await?,
            false => Vec::new(),
        };
        let stock_of = |sku: &Sku| stocks.iter().find(|stock| stock.sku == *sku);
        let in_cart =
            sums(rows.iter().filter_map(|row| Some((&stock_of(&row.sku)?.product, row.quantity.get()))));
        let now_ms = self.clock.now_ms();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let stock = stock_of(&row.sku)?;
                let limit = stock
                    .purchase_limit
                    .map(|limit| PurchaseLimit::new(limit, pieces_of(&bought, &stock.product)));
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
                    limit,
                    is_over_limit: limit
                        .is_some_and(|limit| pieces_of(&in_cart, &stock.product) > limit.left),
                })
            })
            .collect())
    }

    /// Adds pieces to a shopper's cart. Returns the number of pieces in the cart.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] for an unknown sku, [`ShopError::OffShelf`], [`ShopError::NotYetOnSale`],
    /// [`ShopError::CartFull`], or a failing database.
    pub async fn add_to_cart(
        &self,
        shopper: &Shopper,
        sku: &Sku,
        quantity: Quantity,
    ) -> Result<i64, ShopError> {
        self.put_in_cart(shopper, sku, quantity, CartChange::Add).await
    }

    /// Sets the number of pieces of a line in a shopper's cart; `None` removes the line. Returns the number of pieces
    /// in the cart.
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
        let row = CartLineRecord { sku: sku.clone(), quantity, price: stock.price };
        if !self.store.put_in_cart(shopper, &row, to, MAX_CART_LINES, self.clock.now_ms()).await? {
            return Err(ShopError::CartFull);
        }
        self.pieces_in_cart(shopper).await
    }
}
