use app::messages;
use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};

use crate::answer;

/// A form that is larger than any of this shop: people read what to do. Nothing of it was read.
pub(crate) async fn too_long_pages(request: Request, next: Next) -> Response {
    let wants_page = answer::wants_page(request.headers());
    let response = next.run(request).await;
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !wants_page {
        return response;
    }
    let (title, text) = (messages::TEXT_TOO_LONG, messages::TEXT_TOO_LONG_HINT);
    answer::say(StatusCode::PAYLOAD_TOO_LARGE, title, text, "/", messages::GO_HOME)
}
