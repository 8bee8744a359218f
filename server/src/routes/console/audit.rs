use app::console::{CatalogueNames, audit_page};
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{StaffAuth, failed, head, page};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct PageQuery {
    at: Option<i64>,
    #[serde(default)]
    id: String,
}

/// `GET /console/audit`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<PageQuery>,
) -> Response {
    let key = query.at.map(|at_ms| (at_ms, query.id.as_str()));
    match state.shop.admin().audit_log(&staff, key).await {
        Ok((rows, more)) => page(audit_page(&head(&staff), &rows, more, &names(&state))),
        Err(error) => failed(&staff, &error, "/console"),
    }
}

/// The names of all products and specifications, also of archived ones.
fn names(state: &AppState) -> CatalogueNames {
    let catalogue = state.shop.products().catalogue();
    let products = catalogue.all_products().iter();
    let named = products.flat_map(|product| {
        let skus = product.skus.iter().map(|known| {
            let space = if known.spec.is_empty() { "" } else { " " };
            (known.sku.to_string(), format!("{}{space}{}", product.name, known.spec))
        });
        skus.chain([(product.id.to_string(), product.name.clone())])
    });
    named.collect()
}
