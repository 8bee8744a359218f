use app::messages;
use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};

use crate::response;

/// Replaces the response to a form that is too large with a page that says what to do.
pub(crate) async fn payload_too_large(request: Request, next: Next) -> Response {
    let wants_page = response::wants_page(request.headers());
    let response = next.run(request).await;
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !wants_page {
        return response;
    }
    let (title, text) = (messages::TEXT_TOO_LONG, messages::TEXT_TOO_LONG_HINT);
    response::say(StatusCode::PAYLOAD_TOO_LARGE, title, text, "/", messages::GO_HOME)
}
