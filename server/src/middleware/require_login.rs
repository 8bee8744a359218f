use app::messages;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    request_context::RequestContext,
    response,
    routes::{desk_login, is_below, login_path},
    session::{MAX_LOGINS, logins},
    state::AppState,
};

const WALLET: &str = "/wallet";

/// Whether a page shows personal data.
pub(super) fn is_of_a_shopper(path: &str) -> bool {
    [WALLET, "/orders", "/cart", "/me", "/addresses"].into_iter().any(|top| is_below(path, top))
}

/// Requires a session for personal pages. In WeChat a visitor without one goes to the login and comes back. Outside
/// WeChat visitors are guests, except on the wallet's pages, which need an openid.
pub(crate) async fn require_login(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let wechat_only = is_below(path, WALLET);
    if request.method() != Method::GET || !is_of_a_shopper(path) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let context = RequestContext::of(&parts, &state);
    let logins = logins(&parts.headers);
    let session = context.session.as_ref().map(|session| &session.shopper);
    let enough = if context.visitor.in_wechat || wechat_only {
        session.is_some_and(|shopper| shopper.openid().is_some())
    } else {
        true
    };
    if enough {
        // pass the context on, so that the page does not verify the session again
        parts.extensions.insert(context);
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if logins > 0 {
            // the browser kept the session, so the count of logins begins again
            response.headers_mut().append(header::SET_COOKIE, state.cookies.forget_logins());
        }
        return response;
    }
    let here = parts.uri.path_and_query().map_or("/orders", |whole| whole.as_str());
    if !context.visitor.in_wechat {
        return response::outside_wechat(desk_login(&state, &context, here).as_deref());
    }
    if logins < MAX_LOGINS {
        return response::found(&login_path(here));
    }
    tracing::warn!(
        "a browser logs in and keeps no session: do all servers have the same SHOP_SESSION_KEYS and time?"
    );
    let (title, text) = (messages::NOT_LOGGED_IN, messages::LOGIN_NOT_KEPT);
    response::say(StatusCode::BAD_REQUEST, title, text, &login_path(here), messages::LOG_IN_AGAIN)
}
