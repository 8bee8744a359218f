use app::messages;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::header,
    response::Response,
};
use serde::Deserialize;
use shop::ShopError;
use wechat::oauth::Scope;

use super::{
    LOGIN, callback,
    state::{LoginState, sign_cookie},
};
use crate::{request_context::RequestContext, response, state::AppState};

/// The longest callback, bytes. A cookie contains it as hexadecimal, and browsers drop a cookie above 4,096 bytes.
pub(crate) const MAX_CALLBACK_BYTES: usize = 1_800;

#[derive(Deserialize)]
pub(crate) struct LoginQuery {
    callback: Option<String>,
    scope: Option<String>,
}

/// `GET /api/wechat/redirect`: 302 to WeChat's login page.
pub(crate) async fn redirect(
    State(state): State<AppState>,
    context: RequestContext,
    query: Result<Query<LoginQuery>, QueryRejection>,
) -> Response {
    let refuse = |error: &ShopError| {
        if context.wants_json {
            response::refusal(error)
        } else {
            response::page(error, messages::NOT_LOGGED_IN, "/", messages::GO_HOME)
        }
    };
    let Ok(Query(query)) = query else { return refuse(&ShopError::BadRequest("the query is not readable")) };
    let Some(callback) =
        callback::local(query.callback.as_deref().unwrap_or("/"), &state.shop.settings().public_url)
    else {
        return refuse(&ShopError::ForeignUrl);
    };
    if callback.len() > MAX_CALLBACK_BYTES {
        return refuse(&ShopError::BadRequest("callback must be at most 1,800 bytes"));
    }
    let Ok(scope) = query.scope.as_deref().unwrap_or("snsapi_base").parse::<Scope>() else {
        return refuse(&ShopError::BadRequest("scope is snsapi_base or snsapi_userinfo"));
    };
    begin(&state, &callback, scope, 0)
}

/// Binds a login to this browser and sends the browser to WeChat. `tries` counts the logins that began again automatically.
pub(super) fn begin(state: &AppState, callback: &str, scope: Scope, tries: u8) -> Response {
    let signed = LoginState::new(callback, tries, state.now_s(), state.shop.ids()).sign(&state.cookies.keys);
    let redirect_uri = format!("{}/api/wechat/getOpenId", state.shop.settings().public_url);
    let wechat_state =
        wechat::oauth::State::parse(&*signed).expect("hexadecimal of 64 bytes at most is a state");
    let mut response =
        response::found(&state.shop.identity().authorize_url(&redirect_uri, scope, &wechat_state));
    let cookie = state.cookies.begin_login(LOGIN, &sign_cookie(&signed, callback, &state.cookies.keys));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
