use app::words;
use axum::{
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::answer;

/// A form that is larger than any of this shop: people read what to do. Nothing of it was read.
pub(crate) async fn too_long_pages(request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT);
    let wants_page = accept.is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    let response = next.run(request).await;
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !wants_page {
        return response;
    }
    let (title, text) = (words::TOO_LONG, words::TOO_LONG_HINT);
    answer::say(StatusCode::PAYLOAD_TOO_LARGE, title, text, "/", words::GO_HOME)
}
