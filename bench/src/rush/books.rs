//! What the database has: the stock before the rush, the price that changes meanwhile, and what was sold.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use model::{Fen, Sku};
use store::{Store, Update};

use crate::SKU;

/// The database of the rush.
pub(crate) struct Books {
    store: Store,
    sku: Sku,
    spec: String,
    price: Fen,
    pieces: i64,
}

/// What was sold.
pub(crate) struct Sold {
    /// Pieces of the product in orders.
    pub(crate) pieces: i64,
    /// Pieces that are left.
    pub(crate) left: i64,
    /// Orders at the old and at the new price.
    pub(crate) at_old: usize,
    pub(crate) at_new: usize,
    /// Orders whose total is not their pieces at one of the two prices.
    pub(crate) mixed: usize,
}

impl Books {
    /// Puts this number of pieces on the shelf.
    pub(crate) async fn open(database: &str, pieces: i64) -> Result<Self> {
        let store = Store::open(database).await?;
        let sku: Sku = SKU.parse()?;
        let catalogue = store.catalogue().await?;
        let mut specs = catalogue.into_iter().flat_map(|product| product.skus);
        let known = specs.find(|spec| spec.sku == sku).context("the product is not in the catalogue")?;
        let updates = vec![Update::set_stock(&sku, pieces, known.stock), Update::raise_catalogue_version()];
        ensure!(
            store.apply_audited("filling the shelf", updates, Vec::new()).await?,
            "the stock has changed"
        );
        Ok(Self { store, sku, spec: known.spec, price: known.price, pieces })
    }

    pub(crate) const fn old_price(&self) -> Fen {
        self.price
    }

    /// A yuan more.
    pub(crate) const fn new_price(&self) -> Fen {
        Fen(self.price.0 + 100)
    }

    /// Changes the price as soon as this number of pieces is sold.
    pub(crate) async fn change_price_after(&self, pieces: i64) -> Result<()> {
        loop {
            let stock = self.store.stock_of_sku(&self.sku).await?.context("the product is gone")?.stock;
            if stock <= self.pieces - pieces {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let price = Update::sku_price(&self.sku, &self.spec, self.new_price(), self.price);
        let updates = vec![price, Update::raise_catalogue_version()];
        ensure!(
            self.store.apply_audited("changing a price", updates, Vec::new()).await?,
            "the price has changed"
        );
        Ok(())
    }

    /// Compares each order with its lines.
    pub(crate) async fn sold(&self) -> Result<Sold> {
        let left = self.store.stock_of_sku(&self.sku).await?.context("the product is gone")?.stock;
        let mut sold = Sold { pieces: 0, left, at_old: 0, at_new: 0, mixed: 0 };
        for (total, lines) in self.store.totals_and_lines(&self.sku).await? {
            sold.pieces += lines.iter().map(|(_, pieces)| *pieces).sum::<i64>();
            match lines.as_slice() {
                [(price, pieces)] if total.0 == price.0 * pieces && *price == self.price => sold.at_old += 1,
                [(price, pieces)] if total.0 == price.0 * pieces && *price == self.new_price() => {
                    sold.at_new += 1
                }
                _ => sold.mixed += 1,
            }
        }
        Ok(sold)
    }
}
