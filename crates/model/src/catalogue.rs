//! What the shop sells.

use crate::{Fen, ProductId, Sku, word::words};

words! {
    /// A list of products in the console. The words stand in links.
    ProductView {
        /// Those that shoppers can order.
        OnSale = "on_sale",
        /// Those that are off sale and not deleted.
        OffSale = "off_sale",
        /// Those that staff deleted.
        Archived = "archived",
    }
}

/// The period in which shoppers can order a product that staff put on sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SalePeriod {
    /// Its beginning, ms since 1970; `None` if it has begun.
    pub from_ms: Option<i64>,
    /// Its end, ms since 1970; `None` if it does not end.
    pub until_ms: Option<i64>,
}

impl SalePeriod {
    /// The state of a product at a time. `on_sale`: whether staff put it on sale.
    #[must_use]
    pub fn state_at(self, on_sale: bool, now_ms: i64) -> SaleState {
        let ended = self.until_ms.filter(|until| *until <= now_ms);
        let begins = self.from_ms.filter(|from| *from > now_ms);
        match (on_sale, ended, begins) {
            (false, ..) => SaleState::OffSale,
            (true, Some(until), _) => SaleState::Ended(until),
            (true, None, Some(from)) => SaleState::NotYet(from),
            (true, None, None) => SaleState::OnSale,
        }
    }
}

/// Whether shoppers can order a product at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaleState {
    /// They can.
    OnSale,
    /// Staff took it off sale, or deleted it.
    OffSale,
    /// From this time on, ms since 1970.
    NotYet(i64),
    /// Until this time, ms since 1970.
    Ended(i64),
}

impl SaleState {
    /// Whether shoppers can order it.
    #[must_use]
    pub const fn is_on_sale(self) -> bool {
        matches!(self, Self::OnSale)
    }
}

/// What separates the values of a specification, and the names of a product's options.
pub const SEPARATOR: &str = " / ";

/// A product with its specifications.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its id, part of its address.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// A summary of one line.
    pub summary: String,
    /// A description of a paragraph or more.
    pub description: String,
    /// The path of its first picture, which lists show.
    pub picture: String,
    /// The paths of its further pictures.
    pub pictures: Vec<String>,
    /// What shoppers choose, such as colour and size. Each specification has a value for each of them. Empty if the
    /// specifications are a plain list.
    pub options: Vec<String>,
    /// Its specifications: at least one.
    pub skus: Vec<Specification>,
    /// Whether staff put it on sale. Shoppers can order it in its period.
    pub on_sale: bool,
    /// When shoppers can order it.
    pub sale: SalePeriod,
    /// Whether staff deleted it. It is kept for the orders that hold it, and is never on sale.
    pub archived: bool,
    /// How many pieces a shopper may buy in total; `None`: as many as there are.
    pub purchase_limit: Option<i64>,
    /// The number of its changes. An editor sends the number that the editor saw.
    pub version: i64,
}

impl Product {
    /// Whether shoppers can order it at a time, ms since 1970.
    #[must_use]
    pub fn sale_state(&self, now_ms: i64) -> SaleState {
        self.sale.state_at(self.on_sale, now_ms)
    }
}

/// A specification of a product: what a shopper orders.
#[derive(Clone, Debug)]
pub struct Specification {
    /// Its id.
    pub sku: Sku,
    /// Colour, size; empty if the product has one specification only.
    pub spec: String,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces when the shop read it. Orders change it.
    pub stock: i64,
    /// The weight of a piece with its packing, grams; 0 if it is not known.
    pub weight_g: i64,
}
