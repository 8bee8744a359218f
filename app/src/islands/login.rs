//! Sending a shopper through WeChat's login, and never in a circle.

use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::window;

use crate::browser;

/// Logins that are begun in a row before the shopper is asked to tap.
const MOST: i32 = 2;

const TRIES: &str = "login_tries";

/// Set where a payment failed and WeChat is asked who is there; `pay.js` sets it too.
const PAY_AGAIN: &str = "pay_again";

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

/// Asks WeChat once more who is there, and comes back by the order's link: where somebody else is logged in to WeChat than
/// here, the payment has failed, and they may pay it. Once for each link in a window. Says whether it went.
pub(super) fn ask_who(link: &str) -> bool {
    let key = ["payer:", link].concat();
    let storage = SessionStorage::raw();
    if !matches!(storage.get_item(&key), Ok(None)) || storage.set_item(&key, "1").is_err() {
        return false;
    }
    let _ = storage.set_item(PAY_AGAIN, "1");
    browser::replace(&login_and(&[link, "?pay"].concat()));
    true
}

/// Whether this very window has come back to pay anew: a link from elsewhere must not begin a payment.
pub(super) fn pays_again() -> bool {
    let storage = SessionStorage::raw();
    let again = browser::take_fragment("#pay") && matches!(storage.get_item(PAY_AGAIN), Ok(Some(_)));
    let _ = storage.remove_item(PAY_AGAIN);
    again
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
