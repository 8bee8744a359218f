use leptos::{html::Div, prelude::*};

use super::login;
use crate::browser;

/// Logs a newcomer in without her noticing: the readable `openId` cookie says that a login has happened. It proves
/// nothing; the server looks at the session.
///
/// Other browsers need no login: there a shopper is a guest. The children are a hint, `data-hint="login"`, shown where
/// login has been tried and did not last.
#[island]
pub fn LoginGate(children: Children) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        let hint = if !browser::in_wechat() {
            None
        } else if browser::cookie("openId").is_some() {
            login::succeeded();
            None
        } else if login::log_in() {
            return;
        } else {
            Some("login")
        };
        if let Some(hint) = hint
            && let Ok(Some(element)) = root.query_selector(&format!("[data-hint={hint}]"))
        {
            let _ = element.remove_attribute("hidden");
        }
        browser::set_live(&root);
    });
    view! { <div class="gate" node_ref=root>{children()}</div> }
}
