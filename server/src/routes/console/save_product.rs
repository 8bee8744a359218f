//! The form of a product's page: texts, specifications, prices and stock, in one save.

use app::console::ProductForm;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use model::Fen;
use shop::{
    NewSpecification, ProductEdit, ShopError, SpecificationEdit, StockChange, TypedSpecification, typed,
};

use super::{
    StaffAuth,
    catalogue::{again, back, filled, pieces_of, price_of, product_of, saved, sku_of},
    new_product::{fill_of, texts_of},
    outcome,
};
use crate::{routes::fields::Fields, state::AppState};

/// The fields as the browser sends them. Each specification has six fields, in the order of the page.
struct ProductFields(Fields);

impl ProductFields {
    /// The typed specifications.
    fn typed(&self) -> Vec<TypedSpecification> {
        let weights: Vec<&str> = self.0.all("weight").collect();
        let texts = self.0.all("spec").zip(self.0.all("price")).zip(self.0.all("stock")).enumerate();
        self.0
            .all("sku")
            .zip(texts)
            .map(|(sku, (at, ((spec, price), stock)))| TypedSpecification {
                sku: sku.to_owned(),
                spec: spec.to_owned(),
                price: price.to_owned(),
                stock: stock.to_owned(),
                weight: weights.get(at).copied().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    fn new_specification(&self) -> [String; 3] {
        ["new_spec", "new_price", "new_stock"].map(|name| self.0.text(name))
    }

    /// The form with the typed values.
    fn form(&self) -> ProductForm {
        ProductForm {
            texts: Some(texts_of(&self.0)),
            purchase_limit: Some(self.0.text("purchase_limit")),
            first: self.new_specification(),
            specifications: self.typed(),
            sale: self.sale(),
            fill: fill_of(&self.0),
            options: None,
            refused: None,
        }
    }

    /// The typed sale period: begin and end. `None` if the form has no such fields.
    fn sale(&self) -> Option<[String; 2]> {
        self.0.all("sale_from").next().map(|from| [from.to_owned(), self.0.text("sale_until")])
    }

    fn edit(&self) -> Result<ProductEdit, ShopError> {
        let specifications = self
            .typed()
            .into_iter()
            .zip(self.0.all("price_seen").zip(self.0.all("stock_seen")))
            .map(|(typed, (price_seen, stock_seen))| specification(typed, price_seen, stock_seen))
            .collect::<Result<_, _>>()?;
        let [spec, price, stock] = self.new_specification();
        let new = if spec.trim().is_empty() && price.trim().is_empty() && stock.trim().is_empty() {
            None
        } else {
            Some(NewSpecification { spec, price: price_of(&price)?, stock: pieces_of(&stock)? })
        };
        let seen = self.0.text("version").parse().map_err(|_| ShopError::Changed)?;
        let purchase_limit = match self.0.all("purchase_limit").next().map(str::trim) {
            Some("") => Some(0),
            Some(typed) => Some(pieces_of(typed)?),
            None => None,
        };
        Ok(ProductEdit {
            seen,
            texts: texts_of(&self.0),
            purchase_limit,
            sale: self.sale(),
            specifications,
            new,
        })
    }
}

fn specification(
    typed: TypedSpecification,
    price_seen: &str,
    stock_seen: &str,
) -> Result<SpecificationEdit, ShopError> {
    let price_seen = price_seen.parse().map(Fen).map_err(|_| ShopError::Changed)?;
    let stock_seen: i64 = stock_seen.parse().map_err(|_| ShopError::Changed)?;
    Ok(SpecificationEdit {
        sku: sku_of(&typed.sku)?,
        price: price_of(&typed.price)?,
        spec: typed.spec,
        price_seen,
        stock: stock_change(&typed.stock, stock_seen)?,
        weight_g: if typed.weight.trim().is_empty() { None } else { Some(pieces_of(&typed.weight)?) },
    })
}

/// Reads a change of the stock: `+10` and `-3` change it by so many pieces, `10` sets it. `None` if the number is the
/// one that the editor saw.
fn stock_change(text: &str, seen: i64) -> Result<Option<StockChange>, ShopError> {
    let (text, pieces) = (typed::number(text), pieces_of(text)?);
    Ok(if text.starts_with(['+', '-']) {
        (pieces != 0).then_some(StockChange::By(pieces))
    } else {
        (pieces != seen).then_some(StockChange::To { seen, stock: pieces })
    })
}

/// `POST /console/catalogue/{id}/save`. With `do=fill` it saves nothing, and shows the form with the values of the fill
/// row in all specifications. If the shop refuses the input, or another person has changed the product in the meantime
/// (optimistic lock), the page shows the typed values, and a second save replaces the newer version.
pub(super) async fn save(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let sent = ProductFields(Fields::new(fields));
    if sent.0.text("do") == "fill" {
        let mut form = sent.form();
        form.fill.fill(&mut form.specifications);
        return filled(&state, &staff, &id, &form).await;
    }
    let done = async { state.shop.products().save_product(&staff, &product_of(&id)?, &sent.edit()?).await };
    match done.await {
        Err(error @ (ShopError::Invalid(_) | ShopError::Changed)) => {
            again(&state, &staff, &id, sent.form(), &error).await
        }
        done => outcome(&staff, done, &back(&id), saved("saved", &texts_of(&sent.0).name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_changes_the_stock_and_a_number_sets_it() {
        let change = |text| stock_change(text, 12).unwrap();
        assert_eq!(change("12"), None);
        assert_eq!(change("１５"), Some(StockChange::To { seen: 12, stock: 15 }));
        assert_eq!(change("+3"), Some(StockChange::By(3)));
        assert_eq!(change("−3"), Some(StockChange::By(-3)), "a minus sign of a Chinese keyboard");
        assert_eq!(change("-0"), None);
        assert!(stock_change("many", 12).is_err());
    }
}
