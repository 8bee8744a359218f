use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlButtonElement, HtmlFormElement, HtmlInputElement};

use super::mark::mark;
use crate::{browser, wx};

/// How long it waits for `wx.config`. ms.
const CONFIG_WAIT_MS: i32 = 5000;

/// Brings to life the button `.from-wechat` around it, which fills its form with an address that the shopper keeps at WeChat.
/// It is shown once WeChat can do it; without it the fields are typed.
#[island]
pub fn WechatAddress() -> impl IntoView {
    mark(fills)
}

fn fills(around: Element) {
    let Ok(Some(button)) = around.query_selector(".from-wechat") else { return };
    browser::set_live(&button);
    if !browser::in_wechat() {
        return;
    }
    browser::on(&button, "click", {
        let button = button.clone();
        move |_| tapped(button.unchecked_ref())
    });
    spawn_local(async move {
        if wx::configured(CONFIG_WAIT_MS).await == Some(wx::Config::Ready) {
            browser::set_shown(&button, true);
        }
    });
}

fn tapped(button: &HtmlButtonElement) {
    let Some(form) = button.form() else { return };
    spawn_local(async move {
        if let Some(address) = wx::open_address().await {
            fill(&form, "name", &address.name);
            fill(&form, "phone", &address.phone);
            fill(&form, "region", &address.region);
            fill(&form, "detail", &address.detail);
        }
    });
}

fn fill(form: &HtmlFormElement, name: &str, value: &str) {
    let field = form.query_selector(&["input[name=", name, "]"].concat()).ok().flatten();
    if let Some(field) = field {
        field.unchecked_into::<HtmlInputElement>().set_value(value);
    }
}
