use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    answer,
    routes::login_path,
    session::{MOST_LOGINS, logins},
    state::AppState,
    visitor::Guest,
};

/// The orders' pages belong to a shopper: whoever has no session goes through the login and comes back.
pub(crate) async fn log_in_first(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let of_a_shopper = path == "/orders" || path.starts_with("/orders/");
    if request.method() != Method::GET || !of_a_shopper {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let guest = Guest::of(&parts, &state);
    let logins = logins(&parts.headers);
    if guest.visitor.session.is_some() {
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if logins > 0 {
            // the session was kept: the next login counts anew
            response.headers_mut().append(header::SET_COOKIE, state.cookies.forget_logins());
        }
        return response;
    }
    let here = parts.uri.path_and_query().map_or("/orders", |whole| whole.as_str());
    if !guest.in_wechat {
        return answer::outside_wechat();
    }
    if logins < MOST_LOGINS {
        return answer::found(&login_path(here));
    }
    tracing::warn!(
        "a browser logs in and keeps no session: do all servers have the same SHOP_SESSION_KEYS and time?"
    );
    let text = "登录没有保存下来。请检查微信是否允许本页使用 Cookie，然后重新登录。";
    answer::say(StatusCode::BAD_REQUEST, "没有登录", text, &login_path(here), "重新登录")
}
