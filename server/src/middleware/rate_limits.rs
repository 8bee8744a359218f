use app::messages;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use shop::ShopError;

use crate::{request_context::RequestContext, response, routes::miniprogram_shopper, state::AppState};

/// Limits the changes of one address and of one shopper. It does not limit reads: pages are cheap, and many shoppers
/// share an address.
pub(crate) async fn rate_limits(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !changes {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let context = RequestContext::of(&parts, &state);
    let now_ms = state.shop.clock().now_ms();
    let address = context.limit_key();
    let in_page = context.session.as_ref().map(|session| session.shopper.to_string());
    let in_miniprogram = miniprogram_shopper(&parts.headers, &state).map(|openid| openid.to_string());
    let shoppers: Vec<&String> = in_page.iter().chain(&in_miniprogram).collect();
    // check all limits before taking from one: a refused request must not use any allowance
    let may = state.address_limits.has_room(&address, now_ms)
        && shoppers.iter().all(|shopper| state.shopper_limits.has_room(shopper, now_ms));
    if may {
        state.address_limits.take(&address, now_ms);
        for shopper in shoppers {
            state.shopper_limits.take(shopper, now_ms);
        }
        // pass the context on, so that the route does not verify the session again
        parts.extensions.insert(context);
        return next.run(Request::from_parts(parts, body)).await;
    }
    tracing::warn!(ip = %context.visitor.ip, path = parts.uri.path(), "too many requests");
    if response::wants_page(&parts.headers) {
        return response::page(&ShopError::TooOften, messages::WAIT, "/", messages::GO_HOME);
    }
    response::refusal(&ShopError::TooOften)
}
