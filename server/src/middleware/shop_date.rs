//! The shop's time in the `Date` header, while the shop's clock is moved.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use crate::state::AppState;

/// Replaces the machine's time, which the HTTP server writes otherwise.
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
