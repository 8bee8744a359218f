//! Sends a shopper to WeChat's login. It stops after some tries, so that it never loops.

use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::window;

use crate::browser;

/// The largest number of automatic logins in a row. After that the shopper must tap a link.
const MAX_TRIES: i32 = 2;

/// The key of the count in the session storage, which ends with the window.
const TRIES: &str = "login_tries";

/// The number of automatic logins so far. `None` if the browser stores nothing.
fn tries() -> Option<i32> {
    SessionStorage::raw().get_item(TRIES).ok()?.unwrap_or_default().parse().ok().or(Some(0))
}

/// Resets the count after a successful login.
pub(super) fn reset_tries() {
    // this fails only in a browser that stores nothing
    let _ = SessionStorage::raw().remove_item(TRIES);
}

/// Opens WeChat's login, which returns to this page. Returns whether the browser is leaving the page.
pub(super) fn log_in() -> bool {
    // without a count the login could loop, so do not start it
    let Some(tries) = tries().filter(|tries| *tries < MAX_TRIES) else { return false };
    if SessionStorage::raw().set_item(TRIES, &(tries + 1).to_string()).is_err() {
        return false;
    }
    browser::delete_cookie("openId");
    browser::replace_page(&login_url());
    true
}

/// The URL of the login. The login returns to this page.
fn login_url() -> String {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    // WeChat leaves `#wechat_redirect` in the URL after a login
    let fragment = Some(part(location.hash())).filter(|hash| hash != "#wechat_redirect").unwrap_or_default();
    let here = part(location.pathname()) + &part(location.search()) + &fragment;
    let callback = String::from(js_sys::encode_uri_component(&here));
    ["/api/wechat/redirect?scope=snsapi_base&callback=", &callback].concat()
}
