use app::console::settings_page;
use axum::{extract::State, response::Response};
use shop::Right;

use super::{StaffAuth, failed, head, page};
use crate::state::AppState;

/// `GET /console/settings`.
pub(super) async fn show(State(state): State<AppState>, StaffAuth { staff, .. }: StaffAuth) -> Response {
    match staff.check(Right::Settings) {
        Ok(()) => page(settings_page(&head(&staff), state.shop.settings(), &state.settings)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}
