//! Staff mark an invoice as issued.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{StaffAuth, id_of, order_path, outcome};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Seen {
    /// When the shopper asked for the invoice that the page showed, in milliseconds since 1970. It is the optimistic
    /// lock: the shopper may have changed the invoice since.
    asked_ms: i64,
}

/// `POST /console/orders/{id}/invoice`.
pub(super) async fn issue(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(Seen { asked_ms }): Form<Seen>,
) -> Response {
    let done = async { state.shop.invoices().issue(&staff, &id_of(&id)?, asked_ms).await };
    outcome(&staff, done.await, &order_path(&id), "invoice")
}
