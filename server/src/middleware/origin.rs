use app::messages;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use shop::ShopError;

use crate::{answer, state::AppState};

/// A request that changes something comes from a page of this site: its `Origin` is the shop's. Cookies alone prove
/// nothing, another site's form sends them too.
pub(crate) async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if changes {
        // exactly one: of two, a proxy in between may have looked at the other
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        let origin = origins.next().filter(|_| origins.next().is_none());
        if origin.is_none_or(|origin| origin.as_bytes() != state.shop.settings().public_url.as_bytes()) {
            tracing::warn!(path = request.uri().path(), ?origin, "a request from another site is refused");
            return refuse(request.headers(), &state.shop.settings().public_url);
        }
    }
    next.run(request).await
}

/// People, who have opened the shop at another address than its own, are told where it is.
fn refuse(headers: &HeaderMap, public_url: &str) -> Response {
    if answer::wants_page(headers) {
        let (title, text) = (messages::WRONG_ADDRESS, messages::WRONG_ADDRESS_HINT);
        return answer::say(StatusCode::FORBIDDEN, title, text, public_url, messages::OPEN_SHOP);
    }
    answer::refusal(&ShopError::ForeignOrigin)
}
