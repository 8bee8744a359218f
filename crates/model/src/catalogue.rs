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
    /// Its specifications: at least one.
    pub skus: Vec<Specification>,
    /// Whether shoppers can order it.
    pub on_sale: bool,
    /// Whether staff deleted it. It is kept for the orders that hold it, and is never on sale.
    pub archived: bool,
    /// How many pieces a shopper may buy in total; `None`: as many as there are.
    pub purchase_limit: Option<i64>,
    /// The number of its changes. An editor sends the number that the editor saw.
    pub version: i64,
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
