//! Login with WeChat: `begin` redirects to WeChat, `back` handles the return.

mod back;
mod begin;
mod callback;
mod state;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use shop::LoginAccount;
use wechat::{Website, oauth::Scope};

use self::begin::MAX_CALLBACK_BYTES;
pub(super) use self::{back::get_open_id, begin::redirect};
use crate::{request_context::RequestContext, state::AppState};

/// The cookie that binds a login to the browser that began it.
pub(super) const LOGIN: &str = "login";

const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path that begins a login and returns to this page.
///
/// If the URL is too long, it leaves out the query: the page without it is better than an error.
pub(crate) fn login_path(callback: &str) -> String {
    path_at(LoginAccount::Official, callback)
}

/// The path that begins a login at this account. WeChat does not ask the shopper.
fn path_at(account: LoginAccount, callback: &str) -> String {
    match account {
        LoginAccount::Official => path(Scope::Base.as_str(), callback),
        LoginAccount::Website => path(Website::SCOPE, callback),
    }
}

/// The path that begins a login on a computer and returns to this page. `None` on a phone, or if the shop has no
/// website application.
pub(crate) fn desk_login(state: &AppState, context: &RequestContext, callback: &str) -> Option<String> {
    let is_at_desk = !context.visitor.in_wechat && !context.visitor.on_phone;
    (is_at_desk && state.shop.identity().has_website()).then(|| path_at(LoginAccount::Website, callback))
}

fn path(scope: &str, callback: &str) -> String {
    let callback = if callback.len() > MAX_CALLBACK_BYTES {
        callback.split(['?', '#']).next().unwrap_or_default()
    } else {
        callback
    };
    format!("/api/wechat/redirect?scope={scope}&callback={}", utf8_percent_encode(callback, IN_QUERY))
}
