use app::{Message, message_page, words};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{state::AppState, visitor::Guest};

/// A form that is larger than any of this shop: people read what to do. Nothing of it was read.
pub(crate) async fn too_long_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT);
    let wants_page = accept.is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    let (parts, body) = request.into_parts();
    let language = Guest::of(&parts, &state).visitor.language;
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !wants_page {
        return response;
    }
    let message = Message {
        title: words::TOO_LONG,
        text: words::TOO_LONG_HINT,
        href: "/".to_owned(),
        action: words::GO_HOME,
    };
    (StatusCode::PAYLOAD_TOO_LARGE, Html(message_page(&state.files, message, language))).into_response()
}
