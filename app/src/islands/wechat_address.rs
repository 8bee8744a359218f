use leptos::{html::Button, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::live::use_live;
use crate::{browser, wx};

/// How long the island waits for `wx.config`, in milliseconds.
const CONFIG_WAIT_MS: i32 = 5000;

/// A button that fills its form with an address that the shopper has saved in WeChat.
///
/// It appears when the JS-SDK is configured. Without it the shopper types the address.
#[island]
pub fn WechatAddress(
    /// The button's text.
    children: Children,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (is_available, set_available) = signal(false);
    let live = use_live();
    Effect::new(move |_| {
        if browser::in_wechat() {
            spawn_local(async move {
                set_available.set(wx::configured(CONFIG_WAIT_MS).await == Some(wx::Config::Ready));
            });
        }
    });
    let fill = move |_| {
        let Some(form) = button.get_untracked().and_then(|button| button.form()) else { return };
        spawn_local(async move {
            if let Some(address) = wx::open_address().await {
                set_field(&form, "name", &address.name);
                set_field(&form, "phone", &address.phone);
                // address_fields.js puts province and city into their fields
                set_field(&form, "region", &address.region);
                set_field(&form, "detail", &address.detail);
            }
        });
    };
    view! {
        <button
            class="button wide"
            type="button"
            node_ref=button
            data-live=live
            hidden=move || !is_available.get()
            on:click=fill
        >
            {children()}
        </button>
    }
}

fn set_field(form: &HtmlFormElement, name: &str, value: &str) {
    let field = form.query_selector(&["input[name=", name, "]"].concat()).ok().flatten();
    if let Some(field) = field {
        field.unchecked_into::<HtmlInputElement>().set_value(value);
    }
}
