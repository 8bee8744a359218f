use app::messages;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use model::LocalizedText;
use serde::Deserialize;
use serde_json::json;
use shop::{MAX_CODE_BYTES, ShopError};

use super::{
    LOGIN,
    begin::{LoginWay, begin},
    login_path, path_at,
    state::{LoginState, verify_cookie},
};
use crate::{
    request_context::RequestContext,
    response,
    session::{Session, logins},
    state::AppState,
};

#[derive(Deserialize)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
}

/// How often a login begins again automatically if the browser has lost the cookie.
const MAX_TRIES: u8 = 1;

/// `GET /api/wechat/getOpenId`: WeChat sends the shopper back with a `code`.
pub(crate) async fn get_open_id(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    query: Result<Query<Back>, QueryRejection>,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or(Back { code: None, state: None });
    let signed = query.state.unwrap_or_default();
    let keys = &state.cookies.keys;
    let begun = LoginState::verify(&signed, keys);
    let code = query.code.filter(|code| !code.is_empty());
    // a logged-in shopper continues, even with an old link
    if (begun.is_none() || code.is_none()) && context.visitor.session.is_some() && !context.wants_json {
        return response::found(begun.as_ref().map_or("/", LoginState::callback));
    }
    let Some(begun) = begun else {
        let error = ShopError::BadRequest("state is missing or not of this shop");
        return failed(&context, &error, &login_path("/"));
    };
    let Some(code) = code else {
        return say(
            &context,
            StatusCode::OK,
            messages::NOT_LOGGED_IN,
            messages::LOGIN_REFUSED,
            &again(&begun, begun.callback()),
        );
    };
    if code.len() > MAX_CODE_BYTES {
        return failed(
            &context,
            &ShopError::BadRequest("the code is longer than WeChat's are"),
            &again(&begun, begun.callback()),
        );
    }
    let bound = state.cookies.signed(&headers, LOGIN).find_map(|cookie| verify_cookie(cookie, &signed, keys));
    let Some(callback) = bound.filter(|_| begun.is_fresh(state.now_s())) else {
        return unbound(&state, &context, &begun);
    };
    if !state.take_login(&context) {
        return failed(&context, &ShopError::TooOften, &again(&begun, &callback));
    }
    match state.shop.identity().log_in(begun.account, &signed, &code).await {
        Ok(login) => {
            let openid = login.openid.to_string();
            let session = Session { shopper: login.openid.into(), since_s: state.now_s() };
            let mut response = if context.wants_json {
                response::data(json!({ "openid": openid }))
            } else {
                response::found(&callback)
            };
            for cookie in state.cookies.log_in(&session) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            for cookie in [state.cookies.end_login(LOGIN), state.cookies.count_login(logins(&headers))] {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        // the back button sends a used code again: a logged-in shopper continues
        Err(ShopError::LoginCode(_) | ShopError::LoginUsed)
            if context.visitor.session.is_some() && !context.wants_json =>
        {
            response::found(&callback)
        }
        Err(error) => failed(&context, &error, &again(&begun, &callback)),
    }
}

/// The response to a login without a valid cookie: another browser began it, the cookie is lost, or it took too long.
fn unbound(state: &AppState, context: &RequestContext, begun: &LoginState) -> Response {
    if context.wants_json {
        return response::refusal(&ShopError::BadRequest("state does not belong to this browser"));
    }
    if context.visitor.session.is_some() {
        return response::found(begun.callback());
    }
    if begun.tries < MAX_TRIES {
        let repeated = begin(state, begun.callback(), LoginWay::again(begun.account), begun.tries + 1);
        return repeated.unwrap_or_else(|error| failed(context, &error, &again(begun, begun.callback())));
    }
    let path = again(begun, begun.callback());
    say(context, StatusCode::BAD_REQUEST, messages::NOT_LOGGED_IN, messages::LOGIN_NOT_KEPT, &path)
}

/// The path that begins this login again.
fn again(begun: &LoginState, callback: &str) -> String {
    path_at(begun.account, callback)
}

fn failed(context: &RequestContext, error: &ShopError, path: &str) -> Response {
    if context.wants_json {
        return response::refusal(error);
    }
    response::page(error, messages::NOT_LOGGED_IN, path, messages::LOG_IN_AGAIN)
}

fn say(
    context: &RequestContext,
    status: StatusCode,
    title: LocalizedText,
    text: LocalizedText,
    path: &str,
) -> Response {
    if context.wants_json {
        return response::refusal(&ShopError::LoggedOut);
    }
    response::say(status, title, text, path, messages::LOG_IN_AGAIN)
}
