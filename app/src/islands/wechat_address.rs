use leptos::{html::Button, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use crate::{browser, wx};

/// How long it waits for `wx.config`. ms.
const CONFIG_WAIT_MS: i32 = 5000;

/// A button that fills the form around it with an address that the shopper keeps at WeChat. It is shown once WeChat can
/// do it; without it the fields are typed.
#[island]
pub fn WechatAddress(children: Children) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (ready, set_ready) = signal(false);
    Effect::new(move |_| {
        let Some(button) = button.get() else { return };
        browser::set_live(&button);
        if browser::in_wechat() {
            spawn_local(async move {
                set_ready.set(wx::configured(CONFIG_WAIT_MS).await == Some(wx::Config::Ready));
            });
        }
    });
    let tapped = move |_| {
        let Some(form) = button.get_untracked().and_then(|button| button.form()) else { return };
        spawn_local(async move {
            if let Some(address) = wx::open_address().await {
                fill(&form, "name", &address.name);
                fill(&form, "phone", &address.phone);
                fill(&form, "region", &address.region);
                fill(&form, "detail", &address.detail);
            }
        });
    };
    view! {
        <button class="button wide" type="button" node_ref=button hidden=move || !ready.get() on:click=tapped>
            {children()}
        </button>
    }
}

fn fill(form: &HtmlFormElement, name: &str, value: &str) {
    let field = form.query_selector(&format!("input[name={name}]")).ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(value);
    }
}
