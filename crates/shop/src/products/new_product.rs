//! Adds a new product with its options, specifications and pictures in one transaction.

use model::{
    ProductId,
    audit::AuditAction,
    catalogue::{SEPARATOR, Specification},
};
use store::Update;

use super::{
    MAX_PICTURES, TypedProduct,
    pictures::Upload,
    typed_product::{CheckedProduct, ProductField, ProductProblem},
};
use crate::{Products, Right, ShopError, Staff};

/// Why a product was not added.
#[derive(Debug)]
pub enum NewProductRefused {
    /// These fields are wrong.
    Fields(Vec<ProductProblem>),
    /// Another reason.
    Other(ShopError),
}

impl From<ShopError> for NewProductRefused {
    fn from(error: ShopError) -> Self {
        Self::Other(error)
    }
}

impl Products {
    /// Adds a product that is off sale. The first uploaded picture becomes its first picture.
    ///
    /// # Errors
    /// [`NewProductRefused`] with all wrong fields, or with [`ShopError::NotAllowed`], [`ShopError::PictureNotSaved`]
    /// or a failing database.
    pub async fn add_product(
        &self,
        staff: &Staff,
        typed: &TypedProduct,
        pictures: Vec<Vec<u8>>,
    ) -> Result<ProductId, NewProductRefused> {
        staff.check(Right::Catalogue)?;
        let catalogue = self.catalogue();
        let checked = typed.check(|sku| catalogue.sku(sku).is_some());
        let (checked, uploads) = match (checked, check_pictures(pictures)) {
            (Ok(checked), Ok(uploads)) => (checked, uploads),
            (checked, uploads) => {
                let of_fields = checked.err().unwrap_or_default();
                return Err(NewProductRefused::Fields(of_fields.into_iter().chain(uploads.err()).collect()));
            }
        };
        let CheckedProduct { texts, options, specifications } = checked;
        let id = self.new_product_id()?;
        let name = texts.name.clone();
        let mut product = texts.into_product(id.clone(), 0);
        if let Some(first) = uploads.first() {
            product.picture = first.path();
        }
        let mut actions = Vec::new();
        let mut updates = vec![Update::insert_product(&product)];
        for (at, checked) in specifications.into_iter().enumerate() {
            let (price, stock) = (checked.price, checked.stock);
            let sums = format!("{} fen, {stock} pieces", price.0);
            actions.push(if at == 0 {
                (AuditAction::AddProduct, format!("{id}: {name}, {sums}"))
            } else {
                (AuditAction::AddSku, format!("{id}: {}, {sums}", checked.spec))
            });
            let sku = checked.sku.map_or_else(|| self.new_sku_id(), Ok)?;
            let weight_g = checked.weight_g;
            let specification = Specification { sku, spec: checked.spec, price, stock, weight_g };
            updates.push(Update::insert_sku(&id, &specification));
        }
        if !options.is_empty() {
            actions.push((AuditAction::ChangeOptions, format!("{id}: {}", options.join(SEPARATOR))));
            updates.push(Update::options(&id, &options));
        }
        for (at, upload) in uploads.into_iter().enumerate() {
            actions.push((AuditAction::ChangePicture, format!("{id}: added {}", upload.words())));
            if at > 0 {
                updates.push(Update::insert_product_picture(&id, &upload.path(), i64::MAX));
            }
            updates.push(self.write_picture(upload).await?);
        }
        self.edit_catalogue_at_once(staff, actions, updates).await?;
        Ok(id)
    }
}

/// Checks the pictures of a new product, and removes duplicates.
fn check_pictures(pictures: Vec<Vec<u8>>) -> Result<Vec<Upload>, ProductProblem> {
    let of_pictures =
        |error: ShopError| ProductProblem { field: ProductField::Pictures, sentence: error.sentence() };
    let mut uploads: Vec<Upload> = Vec::new();
    for bytes in pictures {
        let upload = Upload::check(bytes).map_err(of_pictures)?;
        if uploads.iter().all(|known| known.path() != upload.path()) {
            uploads.push(upload);
        }
    }
    if uploads.len() > MAX_PICTURES {
        return Err(of_pictures(ShopError::invalid(
            "一件商品最多 9 张图片",
            "A product has at most 9 pictures.",
        )));
    }
    Ok(uploads)
}
