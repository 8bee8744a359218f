//! The options of a product, such as colour and size.

use app::console::{OptionsForm, ProductForm};
use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    response::Response,
};
use shop::{OptionsEdit, ShopError, TypedOption};

use super::{
    StaffAuth,
    catalogue::{again, back, pieces_of, price_of, product_of},
    outcome,
};
use crate::{routes::fields::Fields, state::AppState};

/// `POST /console/catalogue/{id}/options`. If the shop refuses the input, the page shows it again.
pub(super) async fn save(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(fields);
    let options: Vec<TypedOption> = fields
        .all("option")
        .zip(fields.all("values"))
        .map(|(name, values)| TypedOption { name: name.to_owned(), values: values.to_owned() })
        .collect();
    let (price, stock) = (fields.text("price"), fields.text("stock"));
    let done = async {
        let edit = OptionsEdit {
            seen: fields.text("version").parse().map_err(|_| ShopError::Changed)?,
            options: options.clone(),
            price: if price.trim().is_empty() { None } else { Some(price_of(&price)?) },
            stock: if stock.trim().is_empty() { 0 } else { pieces_of(&stock)? },
        };
        state.shop.products().change_options(&staff, &product_of(&id)?, &edit).await.map(drop)
    };
    match done.await {
        Err(error @ (ShopError::Invalid(_) | ShopError::Changed)) => {
            let form = OptionsForm { options, price, stock };
            let form = ProductForm { options: Some(form), ..ProductForm::default() };
            again(&state, &staff, &id, form, &error).await
        }
        done => outcome(&staff, done, &back(&id), "options"),
    }
}
