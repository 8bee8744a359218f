use app::console::dashboard_page;
use axum::{
    extract::{Query, State},
    response::Response,
};

use super::{Done, StaffAuth, failed, page};
use crate::state::AppState;

/// `GET /console`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(done): Query<Done>,
) -> Response {
    let redacted = async {
        let (to_do, dashboard) = (state.shop.admin().to_do().await?, state.shop.admin().dashboard().await?);
        Ok((to_do, dashboard, state.shop.staff().sign_in_alerts(&staff).await?))
    };
    match redacted.await {
        Ok((to_do, dashboard, alerts)) => {
            page(dashboard_page(&done.head(&staff), to_do, &dashboard, &alerts))
        }
        Err(error) => failed(&staff, &error, "/console"),
    }
}
