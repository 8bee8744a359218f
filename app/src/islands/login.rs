//! Sending a shopper through WeChat's login, and never in a circle.

use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::window;

use crate::browser;

/// Logins that are begun in a row before the shopper is asked to tap.
const MOST: i32 = 2;

const TRIES: &str = "login_tries";

/// Where the browser keeps the count: it is gone with the window.
fn tries() -> Option<i32> {
    SessionStorage::raw().get_item(TRIES).ok()?.unwrap_or_default().parse().ok().or(Some(0))
}

/// A login has happened: the next one starts counting anew.
pub(super) fn succeeded() {
    // a browser that keeps nothing counts nothing
    let _ = SessionStorage::raw().remove_item(TRIES);
}

/// Goes to WeChat's login and back to this page. Says whether it went.
pub(super) fn log_in() -> bool {
    // where nothing can be counted, nothing is begun by itself
    let Some(tries) = tries().filter(|tries| *tries < MOST) else { return false };
    if SessionStorage::raw().set_item(TRIES, &(tries + 1).to_string()).is_err() {
        return false;
    }
    browser::forget_cookie("openId");
    browser::replace(&login_url());
    true
}

fn login_and(path: &str) -> String {
    let callback = String::from(js_sys::encode_uri_component(path));
    ["/api/wechat/redirect?scope=snsapi_base&callback=", &callback].concat()
}

fn login_url() -> String {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    // WeChat's own fragment stays in the address behind a login, and need not go round again
    let hash = Some(part(location.hash())).filter(|hash| hash != "#wechat_redirect").unwrap_or_default();
    let here = part(location.pathname()) + &part(location.search()) + &hash;
    login_and(&here)
}
