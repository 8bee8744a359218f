//! The catalogue as a CSV file: the export, the check of a changed file, and the import in one transaction.

use std::collections::HashMap;

use model::{
    Language, ProductId,
    audit::AuditAction,
    catalogue::{Product, SEPARATOR, SalePeriod, Specification},
};
use store::Update;

use super::{
    Catalogue, CheckedLine, ProductFile,
    check_import::{Key, Plan, PlannedProduct, PlannedSku, check},
    edit_catalogue::MAX_STOCK,
    product_file::file_of,
    sale_period::detail,
};
use crate::{Products, Right, ShopError, Staff};

/// The check of a file. It is valid only while the catalogue has the same version.
#[derive(Clone, Debug)]
pub struct ProductImport {
    /// The version of the catalogue with which the check compared the lines.
    pub version: i64,
    /// The lines, each with what it changes and what is wrong with it.
    pub lines: Vec<CheckedLine>,
    /// The unknown headings of the file.
    pub unknown: Vec<String>,
}

impl ProductImport {
    /// Whether no cell is wrong.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.lines.iter().all(|line| line.wrong.is_empty())
    }

    /// The lines that change something.
    pub fn changing(&self) -> impl Iterator<Item = &CheckedLine> {
        self.lines.iter().filter(|line| line.is_new || !line.changes.is_empty())
    }

    /// The lines that change something, as CSV. The confirmation form sends it back.
    #[must_use]
    pub fn text(&self) -> String {
        ProductFile::text(self.changing().map(|line| &line.line))
    }
}

/// The result of an import.
#[derive(Clone, Debug)]
pub enum ImportOutcome {
    /// The catalogue was changed. The number counts the lines that changed something.
    Done(usize),
    /// Nothing was changed, because a cell is wrong or the catalogue has changed since the preview. This is the new
    /// check.
    Again(ProductImport),
}

impl Products {
    /// The catalogue as a CSV file for the import: a line for each specification, without deleted products. Writes an
    /// audit row.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn export_products(&self, staff: &Staff, language: Language) -> Result<String, ShopError> {
        staff.check(Right::Export)?;
        let mut products = self.store.catalogue().await?;
        products.retain(|product| !product.archived);
        let lines: usize = products.iter().map(|product| product.skus.len()).sum();
        self.audit
            .write(staff.name.as_str(), AuditAction::ExportCatalogue, format!("{lines} specifications"))
            .await?;
        Ok(file_of(&products, language))
    }

    /// Checks what a file would change, and which cells are wrong. Changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn check_import(&self, staff: &Staff, file: ProductFile) -> Result<ProductImport, ShopError> {
        Ok(self.compare(staff, file).await?.0)
    }

    async fn compare(
        &self,
        staff: &Staff,
        file: ProductFile,
    ) -> Result<(ProductImport, Catalogue, Plan), ShopError> {
        staff.check(Right::Catalogue)?;
        // read before the catalogue: after a change in between, the version is too old and the import is refused
        let version = self.store.catalogue_version().await?;
        let catalogue = Catalogue::read(&self.store, self.clock.now_ms()).await?;
        let (lines, plan) = check(&catalogue, file.lines);
        Ok((ProductImport { version, lines, unknown: file.unknown }, catalogue, plan))
    }

    /// Writes all changes in one transaction. `seen` is the version of the preview (optimistic lock): after another
    /// change of the catalogue nothing is written. A sale does not change the version, because the import changes a
    /// stock by the difference of two cells.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn import_products(
        &self,
        staff: &Staff,
        seen: i64,
        file: ProductFile,
    ) -> Result<ImportOutcome, ShopError> {
        let (import, catalogue, plan) = self.compare(staff, file.clone()).await?;
        if import.version != seen || !import.is_right() {
            return Ok(ImportOutcome::Again(import));
        }
        if import.changing().next().is_none() {
            return Ok(ImportOutcome::Done(0));
        }
        let Written { actions, mut updates } = self.updates(&catalogue, &plan)?;
        updates.push(Update::raise_catalogue_version_from(seen));
        let new = import.changing().filter(|line| line.is_new).count();
        let changed = import.changing().count() - new;
        let summary = (AuditAction::ImportCatalogue, format!("{new} new and {changed} changed lines"));
        let audits = std::iter::once(summary)
            .chain(actions)
            .map(|(what, detail)| self.audit.record(staff.name.as_str(), what, detail))
            .collect();
        if !self.store.apply_audited("importing the catalogue", updates, audits).await? {
            return Ok(ImportOutcome::Again(self.check_import(staff, file).await?));
        }
        self.refresh().await?;
        Ok(ImportOutcome::Done(new + changed))
    }

    /// The updates of a plan, and their texts in the audit log. First products and then specifications, each sorted by
    /// id: the same lock sequence as in other transactions avoids deadlocks.
    fn updates(&self, catalogue: &Catalogue, plan: &Plan) -> Result<Written, ShopError> {
        let mut written = Written::default();
        let mut known: Vec<_> =
            plan.products.iter().filter(|(key, _)| matches!(key, Key::Known(_))).collect();
        known.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (key, planned) in known {
            if let Key::Known(id) = key {
                let product = catalogue.product(id.as_str()).ok_or(ShopError::Changed)?;
                written.change_product(product, planned);
            }
        }
        let mut ids: HashMap<&Key, ProductId> = HashMap::new();
        for (key, planned) in &plan.products {
            let id = match key {
                Key::Known(id) => id.clone(),
                Key::Numbered(id) => {
                    written.add_product(id, planned);
                    id.clone()
                }
                Key::Named(_) => {
                    let id = self.new_product_id()?;
                    written.add_product(&id, planned);
                    id
                }
            };
            ids.insert(key, id);
        }
        let mut changes: Vec<(&Specification, &PlannedSku)> = plan
            .skus
            .iter()
            .filter_map(|planned| match planned {
                PlannedSku::Change { before, .. } => Some((before, planned)),
                PlannedSku::New { .. } => None,
            })
            .collect();
        changes.sort_by(|(one, _), (other, _)| one.sku.cmp(&other.sku));
        for (_, planned) in changes {
            written.change_sku(planned);
        }
        for planned in &plan.skus {
            if let PlannedSku::New { product, sku, spec, price, weight_g, stock } = planned {
                let sku = match sku {
                    Some(sku) => sku.clone(),
                    None => self.new_sku_id()?,
                };
                let new = Specification {
                    sku,
                    spec: spec.clone(),
                    price: *price,
                    stock: *stock,
                    weight_g: *weight_g,
                };
                written.add_sku(ids.get(product).ok_or(ShopError::Changed)?, &new);
            }
        }
        Ok(written)
    }
}

/// What an import writes.
#[derive(Default)]
struct Written {
    actions: Vec<(AuditAction, String)>,
    updates: Vec<Update>,
}

impl Written {
    /// Changes a product. Raises its version also if only its specifications change.
    fn change_product(&mut self, product: &Product, planned: &PlannedProduct) {
        let (id, texts) = (&product.id, &planned.texts);
        let update = Update::product_texts(&texts.clone().into_product(id.clone(), product.version));
        self.updates.push(update);
        let is_same = texts.name == product.name
            && texts.category == product.category
            && texts.summary == product.summary
            && texts.description == product.description;
        if !is_same {
            let detail = format!("{id}: {} / {} / {}", texts.name, texts.category, texts.summary);
            self.actions.push((AuditAction::ChangeProduct, detail));
        }
        if planned.on_sale != product.on_sale {
            self.put_on_sale(id, planned.on_sale);
        }
        if planned.options != product.options {
            self.options(id, &planned.options);
        }
        if planned.sale != product.sale {
            self.sale_period(id, planned.sale);
        }
    }

    fn options(&mut self, id: &ProductId, names: &[String]) {
        self.actions.push((AuditAction::ChangeOptions, format!("{id}: {}", names.join(SEPARATOR))));
        self.updates.push(Update::options(id, names));
    }

    fn sale_period(&mut self, id: &ProductId, period: SalePeriod) {
        self.actions.push((AuditAction::ChangeSalePeriod, detail(id, period)));
        self.updates.push(Update::sale_period(id, period));
    }

    fn put_on_sale(&mut self, id: &ProductId, on_sale: bool) {
        let what = if on_sale { AuditAction::PutOnSale } else { AuditAction::TakeOffSale };
        self.actions.push((what, id.to_string()));
        self.updates.push(Update::on_sale(id, on_sale));
    }

    fn add_product(&mut self, id: &ProductId, planned: &PlannedProduct) {
        self.actions.push((AuditAction::AddProduct, format!("{id}: {}", planned.texts.name)));
        self.updates.push(Update::insert_product(&planned.texts.clone().into_product(id.clone(), 0)));
        if planned.on_sale {
            self.put_on_sale(id, true);
        }
        if !planned.options.is_empty() {
            self.options(id, &planned.options);
        }
        if planned.sale != SalePeriod::default() {
            self.sale_period(id, planned.sale);
        }
    }

    fn change_sku(&mut self, planned: &PlannedSku) {
        let PlannedSku::Change { before, spec, price, weight_g, pieces } = planned else { return };
        let sku = &before.sku;
        if *spec != before.spec || *price != before.price {
            let detail = format!("{sku}: {spec}, {} fen, was {} fen", price.0, before.price.0);
            self.actions.push((AuditAction::ChangeSku, detail));
            self.updates.push(Update::sku_price(sku, spec, *price, before.price));
        }
        if *weight_g != before.weight_g {
            let detail = format!("{sku}: {weight_g} g, was {} g", before.weight_g);
            self.actions.push((AuditAction::ChangeSku, detail));
            self.updates.push(Update::sku_weight(sku, *weight_g));
        }
        if *pieces != 0 {
            self.actions.push((AuditAction::CorrectStock, format!("{sku}: {pieces:+}")));
            self.updates.push(Update::add_stock(sku, *pieces, MAX_STOCK));
        }
    }

    fn add_sku(&mut self, product: &ProductId, new: &Specification) {
        let detail =
            format!("{product}: {} {}, {} fen, {} pieces", new.sku, new.spec, new.price.0, new.stock);
        self.actions.push((AuditAction::AddSku, detail));
        self.updates.push(Update::insert_sku(product, new));
    }
}
