use app::{Message, message_page};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{request_context::language, state::AppState};

/// Renders the page for a response that only carries a [`Message`]: see `response::say`.
pub(crate) async fn error_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Message>() {
        Some(message) => {
            (response.status(), Html(message_page(&state.style, message, language))).into_response()
        }
        None => response,
    }
}
