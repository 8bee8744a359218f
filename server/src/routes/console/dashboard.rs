use app::console::{Overview, dashboard_page};
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
        let low = state.shop.products().low_stock().await?;
        Ok((to_do, dashboard, state.shop.staff().sign_in_alerts(&staff).await?, low))
    };
    match redacted.await {
        Ok((to_do, dashboard, alerts, (low_stock, more_low_stock))) => {
            let overview = Overview {
                to_do,
                dashboard: &dashboard,
                alerts: &alerts,
                low_stock: &low_stock,
                more_low_stock,
            };
            page(dashboard_page(&done.head(&staff), &overview))
        }
        Err(error) => failed(&staff, &error, "/console"),
    }
}
