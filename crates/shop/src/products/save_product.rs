//! Saves the page of a product: its texts, its specifications and a new specification in one transaction.

use model::{Fen, ProductId, Sku, audit::AuditAction};
use store::Update;

use super::{
    MAX_SPECIFICATIONS, NewSpecification, ProductTexts, StockChange,
    edit_catalogue::{checked_price, checked_purchase_limit, checked_spec, checked_weight, stock_update},
    options::{TOO_MANY, check_combinations},
    sale_period::{detail, read_period},
};
use crate::{Products, ShopError, Staff};

/// The form of a product's page.
#[derive(Clone, Debug)]
pub struct ProductEdit {
    /// The version of the product that the editor saw (optimistic lock).
    pub seen: i64,
    /// The texts.
    pub texts: ProductTexts,
    /// The purchase limit, pieces; 0 removes it, `None` leaves it unchanged.
    pub purchase_limit: Option<i64>,
    /// The sale period, as typed: the beginning and the end, times in Shanghai. An empty text means no limit. `None`
    /// leaves it unchanged.
    pub sale: Option<[String; 2]>,
    /// The specifications to change.
    pub specifications: Vec<SpecificationEdit>,
    /// A new specification, if there is one.
    pub new: Option<NewSpecification>,
}

/// The part of the form for one specification.
#[derive(Clone, Debug)]
pub struct SpecificationEdit {
    /// The specification.
    pub sku: Sku,
    /// Its name, such as `红 / L`; empty if the product has only one specification.
    pub spec: String,
    /// The new price of a piece, fen.
    pub price: Fen,
    /// The price that the editor saw, fen (optimistic lock).
    pub price_seen: Fen,
    /// The change of the stock; `None` if the editor did not change it. Then a sale meanwhile is no conflict.
    pub stock: Option<StockChange>,
    /// The weight of a piece, grams; `None` leaves it unchanged.
    pub weight_g: Option<i64>,
}

impl Products {
    /// Saves all changes, or nothing if another person has changed one of these values since.
    ///
    /// # Errors
    /// As [`Products::change_product`]; [`ShopError::NotFound`] if the product does not exist.
    pub async fn save_product(
        &self,
        staff: &Staff,
        id: &ProductId,
        edit: &ProductEdit,
    ) -> Result<(), ShopError> {
        let now = self.product_now(id.as_str()).await?;
        let texts = edit.texts.checked()?;
        let mut actions = Vec::new();
        let is_same = texts.name == now.name
            && texts.category == now.category
            && texts.summary == now.summary
            && texts.description == now.description;
        if !is_same {
            let detail = format!("{id}: {} / {} / {}", texts.name, texts.category, texts.summary);
            actions.push((AuditAction::ChangeProduct, detail));
        }
        let mut specs: Vec<String> = now.skus.iter().map(|known| known.spec.clone()).collect();
        let mut updates = vec![Update::product_texts(&texts.into_product(id.clone(), edit.seen))];
        let limit =
            edit.purchase_limit.map(checked_purchase_limit).transpose()?.unwrap_or(now.purchase_limit);
        if limit != now.purchase_limit {
            let words =
                |limit: Option<i64>| limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
            let detail = format!("{id}: purchase limit {}, was {}", words(limit), words(now.purchase_limit));
            actions.push((AuditAction::ChangeProduct, detail));
            updates.push(Update::purchase_limit(id, limit));
        }
        let sale = edit.sale.as_ref().map(read_period).transpose()?.unwrap_or(now.sale);
        if sale != now.sale {
            actions.push((AuditAction::ChangeSalePeriod, detail(id, sale)));
            updates.push(Update::sale_period(id, sale));
        }
        for edited in &edit.specifications {
            let sku = &edited.sku;
            let known = now.skus.iter().find(|known| known.sku == *sku).ok_or(ShopError::Changed)?;
            let (spec, price, seen) =
                (checked_spec(&edited.spec)?, checked_price(edited.price)?, edited.price_seen);
            if let Some(at) = now.skus.iter().position(|known| known.sku == *sku) {
                specs[at].clone_from(&spec);
            }
            if spec != known.spec || price != seen {
                let detail = format!("{sku}: {spec}, {} fen, was {} fen", price.0, seen.0);
                actions.push((AuditAction::ChangeSku, detail));
                updates.push(Update::sku_price(sku, &spec, price, seen));
            }
            if let Some(weight_g) = edited.weight_g.filter(|weight_g| *weight_g != known.weight_g) {
                let detail = format!("{sku}: {weight_g} g, was {} g", known.weight_g);
                actions.push((AuditAction::ChangeSku, detail));
                updates.push(Update::sku_weight(sku, checked_weight(weight_g)?));
            }
            if let Some(change) = edited.stock {
                let (detail, update) = stock_update(sku, change)?;
                actions.push((AuditAction::CorrectStock, detail));
                updates.push(update);
            }
        }
        if let Some(new) = &edit.new {
            let detail = format!("{id}: {}, {} fen, {} pieces", new.spec, new.price.0, new.stock);
            actions.push((AuditAction::AddSku, detail));
            updates.push(self.new_sku(id, new)?);
            specs.push(checked_spec(&new.spec)?);
            if specs.len() > MAX_SPECIFICATIONS {
                return Err(TOO_MANY);
            }
        }
        check_combinations(&now.options, specs.iter().map(String::as_str))?;
        let done = self.edit_catalogue_at_once(staff, actions, updates).await;
        let of_stock = |edited: &SpecificationEdit| Some((edited.sku.clone(), edited.stock?));
        self.explained(done, &edit.specifications.iter().filter_map(of_stock).collect::<Vec<_>>()).await
    }
}
