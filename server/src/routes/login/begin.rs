use app::messages;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::header,
    response::Response,
};
use serde::Deserialize;
use shop::{LoginAccount, ShopError};
use wechat::{Website, oauth::Scope};

use super::{
    LOGIN, callback,
    state::{LoginState, sign_cookie},
};
use crate::{request_context::RequestContext, response, state::AppState};

/// The longest callback, in bytes. The cookie contains it in hexadecimal, and browsers drop a cookie of more than 4,096
/// bytes.
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
    let way = match query.scope.as_deref().unwrap_or("snsapi_base") {
        Website::SCOPE => LoginWay::Website,
        scope => match scope.parse() {
            Ok(scope) => LoginWay::Official(scope),
            Err(_) => {
                let what = "scope is snsapi_base, snsapi_userinfo or, at a desk, snsapi_login";
                return refuse(&ShopError::BadRequest(what));
            }
        },
    };
    begin(&state, &callback, way, 0).unwrap_or_else(|error| refuse(&error))
}

/// How a shopper logs in.
#[derive(Clone, Copy, Debug)]
pub(super) enum LoginWay {
    /// In WeChat's browser, with this scope.
    Official(Scope),
    /// On a computer: the shopper scans a code.
    Website,
}

impl LoginWay {
    /// The way for a new try at this account. WeChat does not ask the shopper.
    pub(super) const fn again(account: LoginAccount) -> Self {
        match account {
            LoginAccount::Official => Self::Official(Scope::Base),
            LoginAccount::Website => Self::Website,
        }
    }
}

/// Binds a login to this browser and redirects the browser to WeChat. `tries` counts the automatic new tries.
///
/// # Errors
/// [`ShopError::NoWebsite`] if the shop has no website application.
pub(super) fn begin(
    state: &AppState,
    callback: &str,
    way: LoginWay,
    tries: u8,
) -> Result<Response, ShopError> {
    let account = match way {
        LoginWay::Official(_) => LoginAccount::Official,
        LoginWay::Website => LoginAccount::Website,
    };
    let begun = LoginState::new(callback, account, tries, state.now_s(), state.shop.ids());
    let signed = begun.sign(&state.cookies.keys);
    let redirect_uri = format!("{}/api/wechat/getOpenId", state.shop.settings().public_url);
    let wechat_state =
        wechat::oauth::State::parse(&*signed).expect("hexadecimal of 64 bytes at most is a state");
    let identity = state.shop.identity();
    let url = match way {
        LoginWay::Official(scope) => identity.authorize_url(&redirect_uri, scope, &wechat_state),
        LoginWay::Website => identity.website_login_url(&redirect_uri, &wechat_state)?,
    };
    let mut response = response::found(&url);
    let cookie = state.cookies.begin_login(LOGIN, &sign_cookie(&signed, callback, &state.cookies.keys));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
