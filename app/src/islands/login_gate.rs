use leptos::prelude::*;

use super::login;
use crate::browser;

/// Logs a new shopper in without a tap. It does this only in WeChat; elsewhere the shopper is a guest.
///
/// The readable cookie `openId` says that a login has happened. It proves nothing: the server checks the session.
#[island]
pub fn LoginGate(
    /// The hint that appears if the login failed.
    children: Children,
) -> impl IntoView {
    let (live, set_live) = signal(false);
    let (has_failed, set_failed) = signal(false);
    Effect::new(move |_| {
        if browser::in_wechat() {
            if browser::cookie("openId").is_some() {
                login::reset_tries();
            } else if login::log_in() {
                // the browser is leaving this page
                return;
            } else {
                set_failed.set(true);
            }
        }
        set_live.set(true);
    });
    view! {
        <div class="gate" data-live=live>
            <p class="hint" hidden=move || !has_failed.get()>{children()}</p>
        </div>
    }
}
