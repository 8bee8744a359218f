//! Ships an order: stores the carrier and the tracking number.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{StaffAuth, id_of, order_path, outcome};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Shipment {
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking_no: String,
}

/// `POST /console/orders/{id}/ship`.
pub(super) async fn ship(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Shipment>,
) -> Response {
    let done =
        async { state.shop.shipping().ship(&staff, &id_of(&id)?, &form.carrier, &form.tracking_no).await };
    outcome(&staff, done.await, &order_path(&id), "shipped")
}
