use app::console::audit_page;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{StaffAuth, failed, head, page};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Before {
    at: Option<i64>,
    #[serde(default)]
    id: String,
}

/// `GET /console/audit`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(before): Query<Before>,
) -> Response {
    let key = before.at.map(|at_ms| (at_ms, before.id.as_str()));
    match state.shop.admin().audit_log(&staff, key).await {
        Ok((rows, more)) => page(audit_page(&head(&staff), &rows, more)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}
