//! Puts the shop's time into the `Date` header, if the shop's clock has an offset.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use crate::state::AppState;

/// Sets `Date`. Without this layer the HTTP server writes the machine's time.
#[expect(clippy::disallowed_methods, reason = "the new value replaces the old one")]
pub(crate) async fn shop_date(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = Timestamp::from_second(state.now_s()).unwrap_or_default();
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
