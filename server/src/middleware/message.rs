use app::{Message, message_page};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{state::AppState, visitor::Guest};

/// Draws the page of an answer that only says something.
pub(crate) async fn message_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let language = Guest::of(&parts, &state).visitor.language;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions_mut().remove::<Message>() {
        Some(message) => {
            (response.status(), Html(message_page(&state.files, message, language))).into_response()
        }
        None => response,
    }
}
