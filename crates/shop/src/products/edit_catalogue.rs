//! Staff change the catalogue. Existing orders keep their names and prices.

use model::{
    Fen, ProductId, Sku,
    audit::AuditAction,
    catalogue::{Product, SalePeriod, Specification},
};
use store::Update;

use super::{
    MAX_SPECIFICATIONS,
    options::{TOO_MANY, check_combinations},
};
use crate::{Products, Right, ShopError, Staff, ids::digits, typed};

/// The highest price, fen: a million yuan.
const HIGHEST_PRICE: i64 = 100_000_000;

/// The maximum stock of a specification, pieces.
pub(super) const MAX_STOCK: i64 = 1_000_000;

/// The texts of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductTexts {
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// A summary of one line.
    pub summary: String,
    /// A description of a paragraph or more.
    pub description: String,
}

/// A new specification of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSpecification {
    /// Its name, such as `红 / L`; empty if the product has only one specification.
    pub spec: String,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces in stock.
    pub stock: i64,
}

/// A correction of a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockChange {
    /// Sets the stock. The shop refuses it if the stock is no longer what the editor saw.
    To {
        /// The stock that the editor saw.
        seen: i64,
        /// The new stock.
        stock: i64,
    },
    /// Adds pieces, or removes them (negative).
    By(i64),
}

impl ProductTexts {
    /// A product with these texts and default values. A change of texts uses only the texts, `id` and `version`.
    pub(super) fn into_product(self, id: ProductId, version: i64) -> Product {
        Product {
            id,
            name: self.name,
            category: self.category,
            summary: self.summary,
            description: self.description,
            picture: "/pictures/shop.svg".to_owned(),
            pictures: Vec::new(),
            options: Vec::new(),
            skus: Vec::new(),
            on_sale: false,
            sale: SalePeriod::default(),
            archived: false,
            purchase_limit: None,
            version,
        }
    }

    pub(super) fn checked(&self) -> Result<Self, ShopError> {
        Ok(Self {
            name: checked_name(&self.name)?,
            category: checked_category(&self.category)?,
            summary: checked_summary(&self.summary)?,
            description: checked_description(&self.description)?,
        })
    }
}

/// Normalises a text of one line; `None` if it has more than `most` characters or a control character.
fn line_of(text: &str, most: usize) -> Option<String> {
    let text = typed::line(text);
    (text.chars().count() <= most && !text.chars().any(char::is_control)).then_some(text)
}

pub(super) fn checked_name(text: &str) -> Result<String, ShopError> {
    line_of(text, 60).filter(|text| !text.is_empty()).ok_or(ShopError::invalid(
        "请填写商品名称，不超过 60 个字",
        "Please enter the product's name, at most 60 letters.",
    ))
}

pub(super) fn checked_category(text: &str) -> Result<String, ShopError> {
    line_of(text, 20).filter(|text| !text.is_empty()).ok_or(ShopError::invalid(
        "请填写分类，不超过 20 个字",
        "Please enter the category, at most 20 letters.",
    ))
}

pub(super) fn checked_summary(text: &str) -> Result<String, ShopError> {
    line_of(text, 100)
        .ok_or(ShopError::invalid("一句话介绍不超过 100 个字", "The summary has at most 100 letters."))
}

pub(super) fn checked_description(text: &str) -> Result<String, ShopError> {
    let text = typed::lines(text);
    if text.chars().count() > 5000 {
        return Err(ShopError::invalid(
            "商品介绍不超过 5000 个字",
            "The description has at most 5,000 letters.",
        ));
    }
    Ok(text)
}

pub(super) fn checked_spec(text: &str) -> Result<String, ShopError> {
    line_of(text, 40).ok_or(ShopError::invalid(
        "规格名称不超过 40 个字",
        "The name of a specification has at most 40 letters.",
    ))
}

pub(super) fn checked_price(price: Fen) -> Result<Fen, ShopError> {
    if (1..=HIGHEST_PRICE).contains(&price.0) {
        Ok(price)
    } else {
        Err(ShopError::invalid("价格为 0.01 元至 1000000 元", "A price is from 0.01 to 1,000,000 yuan."))
    }
}

pub(super) fn checked_stock(stock: i64) -> Result<i64, ShopError> {
    if (0..=MAX_STOCK).contains(&stock) {
        Ok(stock)
    } else {
        Err(ShopError::invalid("库存为 0 至 1000000 件", "A stock is from 0 to 1,000,000 pieces."))
    }
}

/// A missing product is a conflict ([`ShopError::Changed`]): it was there when the editor opened the page.
fn gone(error: ShopError) -> ShopError {
    if matches!(error, ShopError::NotFound) { ShopError::Changed } else { error }
}

/// The heaviest piece, grams: a ton.
const MAX_WEIGHT: i64 = 1_000_000;

pub(super) fn checked_weight(weight_g: i64) -> Result<i64, ShopError> {
    if (0..=MAX_WEIGHT).contains(&weight_g) {
        Ok(weight_g)
    } else {
        Err(ShopError::invalid("重量为 0 至 1000000 克", "A weight is from 0 to 1,000,000 grams."))
    }
}

/// Checks a purchase limit; 0 means no limit.
pub(super) fn checked_purchase_limit(limit: i64) -> Result<Option<i64>, ShopError> {
    match limit {
        0 => Ok(None),
        1..=MAX_STOCK => Ok(Some(limit)),
        _ => Err(ShopError::invalid(
            "每人限购 1 至 1000000 件，不限购请留空",
            "The limit for a buyer is from 1 to 1,000,000 pieces. Leave it empty for no limit.",
        )),
    }
}

/// The update of a stock correction, and its text in the audit log.
pub(super) fn stock_update(sku: &Sku, change: StockChange) -> Result<(String, Update), ShopError> {
    Ok(match change {
        StockChange::To { seen, stock } => {
            (format!("{sku}: {seen} to {stock}"), Update::set_stock(sku, checked_stock(stock)?, seen))
        }
        StockChange::By(pieces) => {
            if pieces == 0 || !(-MAX_STOCK..=MAX_STOCK).contains(&pieces) {
                return Err(ShopError::invalid(
                    "增减数量为 1 至 1000000 件",
                    "A change of the stock is from 1 to 1,000,000 pieces.",
                ));
            }
            (format!("{sku}: {pieces:+}"), Update::add_stock(sku, pieces, MAX_STOCK))
        }
    })
}

impl Products {
    /// Changes the texts of a product, if it has not changed since the editor saw it.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`], [`ShopError::Changed`] also if the product does not exist, or
    /// a failing database.
    pub async fn change_product(
        &self,
        staff: &Staff,
        id: &ProductId,
        seen: i64,
        texts: &ProductTexts,
    ) -> Result<(), ShopError> {
        let texts = texts.checked()?;
        let detail = format!("{id}: {} / {} / {}", texts.name, texts.category, texts.summary);
        let product = texts.into_product(id.clone(), seen);
        self.edit_catalogue(staff, AuditAction::ChangeProduct, detail, vec![Update::product_texts(&product)])
            .await
    }

    /// Adds a specification to a product.
    ///
    /// # Errors
    /// As [`Products::change_product`].
    pub async fn add_sku(
        &self,
        staff: &Staff,
        id: &ProductId,
        new: &NewSpecification,
    ) -> Result<(), ShopError> {
        let product = self.product_now(id.as_str()).await.map_err(gone)?;
        let spec = checked_spec(&new.spec)?;
        let specs = product.skus.iter().map(|known| known.spec.as_str()).chain([spec.as_str()]);
        check_combinations(&product.options, specs)?;
        if product.skus.len() >= MAX_SPECIFICATIONS {
            return Err(TOO_MANY);
        }
        let detail = format!("{id}: {}, {} fen, {} pieces", new.spec, new.price.0, new.stock);
        let updates = vec![Update::raise_product_version(id), self.new_sku(id, new)?];
        self.edit_catalogue(staff, AuditAction::AddSku, detail, updates).await
    }

    pub(super) fn new_product_id(&self) -> Result<ProductId, ShopError> {
        format!("p{}", digits(&*self.ids, 12)).parse().map_err(|_| ShopError::NotFound)
    }

    pub(super) fn new_sku_id(&self) -> Result<Sku, ShopError> {
        format!("s{}", digits(&*self.ids, 14)).parse().map_err(|_| ShopError::NotFound)
    }

    pub(super) fn new_sku(&self, id: &ProductId, new: &NewSpecification) -> Result<Update, ShopError> {
        let specification = Specification {
            sku: self.new_sku_id()?,
            spec: checked_spec(&new.spec)?,
            price: checked_price(new.price)?,
            stock: checked_stock(new.stock)?,
            weight_g: 0,
        };
        Ok(Update::insert_sku(id, &specification))
    }

    /// Changes the name and the price of a specification, if the price is still `seen`. New orders use the new price.
    ///
    /// # Errors
    /// As [`Products::change_product`].
    pub async fn change_sku(
        &self,
        staff: &Staff,
        sku: &Sku,
        seen: Fen,
        price: Fen,
        spec: &str,
    ) -> Result<(), ShopError> {
        let new = checked_spec(spec)?;
        let catalogue = super::Catalogue::read(&self.store, self.clock.now_ms()).await?;
        if let Some((product, _)) = catalogue.sku(sku) {
            let spec_now =
                |known: &'_ Specification| if known.sku == *sku { new.clone() } else { known.spec.clone() };
            let specs: Vec<String> = product.skus.iter().map(spec_now).collect();
            check_combinations(&product.options, specs.iter().map(String::as_str))?;
        }
        let detail = format!("{sku}: {spec}, {} fen, was {} fen", price.0, seen.0);
        let update = Update::sku_price(sku, &new, checked_price(price)?, seen);
        self.edit_catalogue(staff, AuditAction::ChangeSku, detail, vec![update]).await
    }

    /// Corrects a stock.
    ///
    /// # Errors
    /// As [`Products::change_product`]; [`ShopError::Invalid`] also if it removes more pieces than are in stock.
    pub async fn correct_stock(
        &self,
        staff: &Staff,
        sku: &Sku,
        change: StockChange,
    ) -> Result<(), ShopError> {
        let (detail, update) = stock_update(sku, change)?;
        let done = self.edit_catalogue(staff, AuditAction::CorrectStock, detail, vec![update]).await;
        self.explained(done, &[(sku.clone(), change)]).await
    }

    /// Replaces [`ShopError::Changed`] by a clear sentence if the edit took more pieces than a stock has.
    pub(super) async fn explained(
        &self,
        done: Result<(), ShopError>,
        changes: &[(Sku, StockChange)],
    ) -> Result<(), ShopError> {
        if !matches!(done, Err(ShopError::Changed)) {
            return done;
        }
        for (sku, change) in changes {
            let StockChange::By(pieces) = change else { continue };
            let catalogue = self.catalogue();
            let Some((product, _)) = catalogue.sku(sku) else { continue };
            let stock = self.stock_of(&product.id).await?;
            let left = stock.iter().find(|row| row.sku == *sku).map_or(0, |row| row.stock);
            if left + pieces < 0 {
                return Err(ShopError::invalid(
                    "减少的件数超过了现有库存，请按页面上的库存重新填写",
                    "You remove more pieces than the stock has. Please look at the stock on this page.",
                ));
            }
        }
        done
    }

    /// Puts a product on sale, or takes it off sale.
    ///
    /// # Errors
    /// As [`Products::change_product`].
    pub async fn put_on_sale(&self, staff: &Staff, id: &ProductId, on_sale: bool) -> Result<(), ShopError> {
        let what = if on_sale { AuditAction::PutOnSale } else { AuditAction::TakeOffSale };
        self.edit_catalogue(staff, what, id.to_string(), vec![Update::on_sale(id, on_sale)]).await
    }

    /// Deletes a product (`archived`) or restores it. The row of a deleted product stays, because orders name it. A
    /// restored product is off sale.
    ///
    /// # Errors
    /// As [`Products::change_product`].
    pub async fn archive(&self, staff: &Staff, id: &ProductId, archived: bool) -> Result<(), ShopError> {
        let what = if archived { AuditAction::ArchiveProduct } else { AuditAction::RestoreProduct };
        self.edit_catalogue(staff, what, id.to_string(), vec![Update::archived(id, archived)]).await
    }

    /// A product as it is in the database now, on sale or not.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn product_now(&self, id: &str) -> Result<Product, ShopError> {
        let catalogue = super::Catalogue::read(&self.store, self.clock.now_ms()).await?;
        catalogue.product(id).cloned().ok_or(ShopError::NotFound)
    }

    pub(super) async fn edit_catalogue(
        &self,
        staff: &Staff,
        what: AuditAction,
        detail: String,
        updates: Vec<Update>,
    ) -> Result<(), ShopError> {
        self.edit_catalogue_at_once(staff, vec![(what, detail)], updates).await
    }

    /// Applies all updates or none, in one transaction, with an audit row for each action.
    pub(super) async fn edit_catalogue_at_once(
        &self,
        staff: &Staff,
        actions: Vec<(AuditAction, String)>,
        mut updates: Vec<Update>,
    ) -> Result<(), ShopError> {
        staff.check(Right::Catalogue)?;
        updates.push(Update::raise_catalogue_version());
        let audits = actions
            .into_iter()
            .map(|(what, detail)| self.audit.record(staff.name.as_str(), what, detail))
            .collect();
        if !self.store.apply_audited("changing the catalogue", updates, audits).await? {
            return Err(ShopError::Changed);
        }
        Ok(self.refresh().await?)
    }
}
