use app::messages;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use shop::ShopError;

use crate::{response, state::AppState};

/// Refuses a change whose `Origin` is not the shop's (CSRF). A cookie proves nothing, because a form of another site
/// sends it too.
pub(crate) async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if changes {
        // accept exactly one header: with two, a proxy may have checked the other one
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        let origin = origins.next().filter(|_| origins.next().is_none());
        if origin.is_none_or(|origin| origin.as_bytes() != state.shop.settings().public_url.as_bytes()) {
            tracing::warn!(path = request.uri().path(), ?origin, "refused a change from another site");
            return refuse(request.headers(), &state.shop.settings().public_url);
        }
    }
    next.run(request).await
}

/// Shows the right address to a person who opened the shop at another one.
fn refuse(headers: &HeaderMap, public_url: &str) -> Response {
    if response::wants_page(headers) {
        let (title, text) = (messages::WRONG_ADDRESS, messages::WRONG_ADDRESS_HINT);
        return response::say(StatusCode::FORBIDDEN, title, text, public_url, messages::OPEN_SHOP);
    }
    response::refusal(&ShopError::ForeignOrigin)
}
