use leptos::prelude::*;
use web_sys::Element;

use super::{login, mark::mark};
use crate::browser;

/// Logs a newcomer in without her noticing: the readable `openId` cookie says that a login has happened. It proves
/// nothing; the server looks at the session.
///
/// Other browsers need no login: there a shopper is a guest. Around it is a hint, `data-hint="login"`, shown where
/// login has been tried and did not last.
#[island]
pub fn LoginGate() -> impl IntoView {
    mark(guard)
}

fn guard(gate: Element) {
    if browser::in_wechat() {
        if browser::cookie("openId").is_some() {
            login::succeeded();
        } else if login::log_in() {
            return;
        } else if let Ok(Some(hint)) = gate.query_selector("[data-hint=login]") {
            browser::set_shown(&hint, true);
        }
    }
    browser::set_live(&gate);
}
