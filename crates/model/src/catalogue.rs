//! Products, their specifications, and the period in which shoppers can order them.

use crate::{Fen, ProductId, Sku, word::words};

words! {
    /// A list of products in the console. Its word is part of the page's address.
    ProductView {
        /// Products that shoppers can order.
        OnSale = "on_sale",
        /// Products that shoppers cannot order, and that are not deleted.
        OffSale = "off_sale",
        /// Products that staff deleted.
        Archived = "archived",
    }
}

/// The period in which shoppers can order a product that staff put on sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SalePeriod {
    /// Its beginning, ms since 1970; `None` if it has no beginning.
    pub from_ms: Option<i64>,
    /// Its end, ms since 1970; `None` if it does not end.
    pub until_ms: Option<i64>,
}

impl SalePeriod {
    /// The state of a product at a time, ms since 1970. `on_sale` says whether staff put the product on sale.
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
    /// Shoppers can order it.
    OnSale,
    /// Staff took it off sale, or deleted it.
    OffSale,
    /// Shoppers can order it from this time on, ms since 1970.
    NotYet(i64),
    /// Shoppers could order it until this time, ms since 1970.
    Ended(i64),
}

impl SaleState {
    /// Whether shoppers can order it.
    #[must_use]
    pub const fn is_on_sale(self) -> bool {
        matches!(self, Self::OnSale)
    }
}

/// The text between the values of a specification, and between the names of a product's options.
pub const SEPARATOR: &str = " / ";

/// A product with its specifications.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its id. The address of its page contains it.
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
    /// The paths of its other pictures.
    pub pictures: Vec<String>,
    /// The names of its options, such as colour and size. Each specification has a value for each option. Empty if the
    /// specifications are a plain list.
    pub options: Vec<String>,
    /// Its specifications: at least one.
    pub skus: Vec<Specification>,
    /// Whether staff put it on sale. Shoppers can order it only in the period `sale`.
    pub on_sale: bool,
    /// The period in which shoppers can order it.
    pub sale: SalePeriod,
    /// Whether staff deleted it. A deleted product is kept, because orders name it. It is never on sale.
    pub archived: bool,
    /// How many pieces one shopper may buy in total; `None` for no limit.
    pub purchase_limit: Option<i64>,
    /// Counts its changes, as an optimistic lock: an editor sends the version that the editor saw.
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
    /// Its id, unique in the shop.
    pub sku: Sku,
    /// Its name, such as `红 / L`; empty if the product has only one specification.
    pub spec: String,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces in stock when the shop read the product. Each order changes it.
    pub stock: i64,
    /// The weight of a piece with its packing, grams; 0 if unknown.
    pub weight_g: i64,
}
