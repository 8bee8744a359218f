use app::console::{Overview, dashboard_page};
use axum::{
    extract::{Query, State},
    response::Response,
};

use model::figures::Period;
use serde::Deserialize;
use shop::Right;

use super::{NoticeQuery, StaffAuth, failed, page};
use crate::{response, state::AppState};

/// The period in a link. A wrong value means today.
#[derive(Deserialize)]
pub(super) struct PeriodQuery {
    #[serde(default)]
    period: String,
}

/// `GET /console`. A role without the right to read sees the list of orders instead.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<PeriodQuery>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    if !staff.role.may(Right::Read) {
        return response::see_other("/console/orders");
    }
    let period = query.period.parse().unwrap_or(Period::Today);
    let redacted = async {
        let (to_do, dashboard) = (state.shop.admin().to_do().await?, state.shop.admin().dashboard().await?);
        let low = state.shop.products().low_stock().await?;
        let compared = state.shop.admin().comparison(period).await?;
        Ok((compared, to_do, dashboard, state.shop.staff().sign_in_alerts(&staff).await?, low))
    };
    match redacted.await {
        Ok((compared, to_do, dashboard, alerts, (low_stock, more_low_stock))) => {
            let overview = Overview {
                to_do,
                dashboard: &dashboard,
                compared: (period, compared),
                alerts: &alerts,
                low_stock: &low_stock,
                more_low_stock,
            };
            page(dashboard_page(&notice.head(&staff), &overview))
        }
        Err(error) => failed(&staff, &error, "/console"),
    }
}
