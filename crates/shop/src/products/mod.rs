//! Products: the catalogue in memory, its changes by staff, and pictures. `catalogue.toml` only fills an empty
//! database.

mod catalogue;
mod catalogue_file;
mod check_import;
mod edit_catalogue;
mod freight;
mod import_products;
mod list;
mod low_stock;
mod miniprogram_share;
mod new_product;
mod options;
mod picture_file;
mod pictures;
mod product_file;
mod sale_period;
mod save_product;
mod snapshot;
mod synonyms;
mod typed_product;

use std::sync::Arc;

use model::{ProductId, record::StockRecord};
use store::Store;
use wechat::miniprogram::MiniProgram;

pub use self::{
    catalogue::{Catalogue, SearchResult},
    catalogue_file::CatalogueError,
    check_import::{CellChange, CellProblem, CellText, CheckedLine, MAX_SPECIFICATIONS, WrongCell},
    edit_catalogue::{NewSpecification, ProductTexts, StockChange},
    freight::{FreightProblem, MAX_FREIGHT_RULES},
    import_products::{ImportOutcome, ProductImport},
    list::ProductFilter,
    low_stock::LowStock,
    miniprogram_share::LINK_DAYS,
    new_product::NewProductRefused,
    options::{MAX_OPTIONS, OptionsEdit, TypedOption, unfitting_specifications},
    pictures::{MAX_PICTURE_BYTES, MAX_PICTURES, PictureChange},
    product_file::{MAX_PRODUCT_FILE_BYTES, MAX_PRODUCT_LINES, ProductColumn, ProductFile, ProductLine},
    save_product::{ProductEdit, SpecificationEdit},
    synonyms::Synonyms,
    typed_product::{FillValues, ProductField, ProductProblem, TypedProduct, TypedSpecification},
};
pub(crate) use self::{pictures::check_picture, snapshot::Snapshot};
use crate::{Clock, Ids, Pictures, ShopError, audit::Audit, shop::Parts};

/// The handle of products: the catalogue in this server's memory, its changes by staff, stock and pictures.
#[derive(Clone)]
pub struct Products {
    catalogue: Arc<Snapshot>,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    pictures: Pictures,
    /// The mini program that makes codes and links.
    miniprogram: Option<MiniProgram>,
    /// The mini program's page for products (`WECHAT_MINIPROGRAM_PRODUCT_PAGE`).
    miniprogram_product_page: Option<String>,
}

impl Products {
    pub(crate) fn new(parts: &Parts, pictures: &Pictures) -> Self {
        Self {
            catalogue: Arc::clone(&parts.catalogue),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            pictures: pictures.clone(),
            miniprogram: parts.miniprogram.clone(),
            miniprogram_product_page: parts.settings.miniprogram_product_page.clone(),
        }
    }

    /// The current snapshot of the catalogue. Keep the `Arc` for consistent reads.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.current()
    }

    /// The current price and stock of every specification.
    ///
    /// # Errors
    /// A failing database.
    pub async fn stock(&self) -> Result<Vec<StockRecord>, ShopError> {
        Ok(self.store.stock().await?)
    }

    /// The current price and stock of one product's specifications.
    ///
    /// # Errors
    /// A failing database.
    pub async fn stock_of(&self, product: &ProductId) -> Result<Vec<StockRecord>, ShopError> {
        Ok(self.store.stock_of(product).await?)
    }

    /// See [`Store::stock_version`].
    #[must_use]
    pub fn stock_version(&self) -> u64 {
        self.store.stock_version()
    }
}
