use app::console::discrepancies_page;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{NoticeQuery, StaffAuth, failed, outcome, page};
use crate::state::AppState;

/// `GET /console/differences`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    match state.shop.admin().discrepancies().await {
        Ok(all) => page(discrepancies_page(&notice.head(&staff), &all)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}

#[derive(Deserialize)]
pub(super) struct ResolveForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    note: String,
}

/// `POST /console/differences`: resolves a discrepancy with a note.
pub(super) async fn resolve(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<ResolveForm>,
) -> Response {
    let done = state.shop.reconciliation().resolve_discrepancy_by(&staff, &form.id, &form.note).await;
    outcome(&staff, done, "/console/differences", "resolved")
}
