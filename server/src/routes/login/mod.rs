//! Login with WeChat: the way there and the way back.

mod back;
mod begin;
mod callback;
mod state;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::begin::MAX_CALLBACK_BYTES;
pub(super) use self::{back::get_open_id, begin::redirect};

/// The cookie that binds a login to the browser that began it.
pub(super) const LOGIN: &str = "login";

const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path that begins a login and returns to this page.
///
/// If the URL is too long, its query is omitted: the page is better than an error.
pub(crate) fn login_path(callback: &str) -> String {
    let callback = if callback.len() > MAX_CALLBACK_BYTES {
        callback.split(['?', '#']).next().unwrap_or_default()
    } else {
        callback
    };
    format!("/api/wechat/redirect?scope=snsapi_base&callback={}", utf8_percent_encode(callback, IN_QUERY))
}
