use axum::{extract::State, http::header, response::Response};

use super::login::LOGIN;
use crate::{response, state::AppState};

/// `POST /log-out`: the shopper's cookies end in this browser; 303 to the shop's first page.
pub(super) async fn log_out(State(state): State<AppState>) -> Response {
    let mut response = response::see_other("/");
    for cookie in state.cookies.log_out().chain([state.cookies.end_login(LOGIN)]) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
