use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use super::login::LOGIN;
use crate::{response, state::AppState};

/// Deletes the pages that the browser keeps of this shop (W3C Clear Site Data).
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// `POST /log-out`: ends the shopper's cookies in this browser. 303 to the shop's first page.
pub(super) async fn log_out(State(state): State<AppState>) -> Response {
    end_cookies(&state, response::see_other("/"))
}

/// Adds to a response the end of all cookies of the shopper.
pub(super) fn end_cookies(state: &AppState, mut response: Response) -> Response {
    for cookie in state.cookies.log_out().chain([state.cookies.end_login(LOGIN)]) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response.headers_mut().append(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    response
}
