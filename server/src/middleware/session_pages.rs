use app::messages;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    answer,
    routes::{is_below, login_path},
    session::{MOST_LOGINS, logins},
    state::AppState,
    visitor::Guest,
};

const WALLET: &str = "/wallet";

/// Whether a page shows what belongs to one shopper.
pub(super) fn is_of_a_shopper(path: &str) -> bool {
    [WALLET, "/orders", "/cart", "/me", "/addresses"].into_iter().any(|top| is_below(path, top))
}

/// Some pages belong to a shopper: in WeChat, whoever has no session goes through the login and comes back. Outside WeChat
/// a shopper is a guest, but for what only somebody whom WeChat knows can have.
pub(crate) async fn log_in_first(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let wechat_only = is_below(path, WALLET);
    if request.method() != Method::GET || !is_of_a_shopper(path) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let guest = Guest::of(&parts, &state);
    let logins = logins(&parts.headers);
    let session = guest.visitor.session.as_ref();
    let enough = if guest.visitor.in_wechat || wechat_only {
        session.is_some_and(|shopper| shopper.openid().is_some())
    } else {
        true
    };
    if enough {
        // the page need not open the session again
        parts.extensions.insert(guest);
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if logins > 0 {
            // the session was kept: the next login counts anew
            response.headers_mut().append(header::SET_COOKIE, state.cookies.forget_logins());
        }
        return response;
    }
    let here = parts.uri.path_and_query().map_or("/orders", |whole| whole.as_str());
    if !guest.visitor.in_wechat {
        return answer::outside_wechat();
    }
    if logins < MOST_LOGINS {
        return answer::found(&login_path(here));
    }
    tracing::warn!(
        "a browser logs in and keeps no session: do all servers have the same SHOP_SESSION_KEYS and time?"
    );
    let (title, text) = (messages::NOT_LOGGED_IN, messages::LOGIN_NOT_KEPT);
    answer::say(StatusCode::BAD_REQUEST, title, text, &login_path(here), messages::LOG_IN_AGAIN)
}
