use leptos::prelude::*;
use model::ErrorCode;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlButtonElement};

use super::{login, mark::mark, payer};
use crate::{
    api::pay_order,
    browser,
    wx::{self, Sheet},
};

/// How long a tap waits for `wx.config` before it pays over the plain bridge instead. ms.
const CONFIG_WAIT_MS: i32 = 3000;

/// Brings to life the button of the form `POST /orders/{id}/pay`. Until it is live the form itself pays; from then on it opens the
/// payment sheet on this page, or, in a mini program's web view, the page `data-miniprogram` of the mini program. The
/// order is `data-order` of the element around it, its link `data-link`. Outside WeChat the form does it all.
#[island]
pub fn PayButton() -> impl IntoView {
    mark(pays)
}

fn pays(around: Element) {
    let Ok(Some(button)) = around.query_selector("button") else { return };
    let button: HtmlButtonElement = button.unchecked_into();
    browser::on(&button, "click", {
        let button = button.clone();
        move |event| tapped(&button, &event)
    });
    browser::set_live(&button);
    // an order opened by its link, after its payment failed for somebody else
    if payer::has_returned() {
        button.click();
    }
    // a callback that never came, or a page out of the history: the shopper may tap again
    browser::on_shown(move || button.set_disabled(false));
}

fn tapped(button: &HtmlButtonElement, event: &web_sys::Event) {
    let around = |name| browser::data_around(button, name);
    let Some(order) = around("order").filter(|_| browser::in_wechat()) else { return };
    let (miniprogram, link) = (around("miniprogram"), around("link"));
    event.prevent_default();
    // no second tap: a button that is disabled reports none
    button.set_disabled(true);
    say(button, "");
    let button = button.clone();
    spawn_local(async move {
        let next = match miniprogram {
            Some(url) if wx::in_miniprogram() => Next::miniprogram(wx::navigate_to(&url).await),
            _ => pay(&order).await,
        };
        match next {
            Next::Failed if link.as_deref().is_some_and(payer::ask) => {}
            Next::Order | Next::Failed => browser::replace(&["/orders/", &order].concat()),
            Next::Form => {
                if let Some(form) = button.form() {
                    let _ = form.submit();
                }
            }
            Next::Elsewhere => {}
            Next::Say(message) => {
                say(&button, &message);
                button.set_disabled(false);
            }
        }
    });
}

/// Tells the shopper what is wrong, below the button.
fn say(button: &Element, message: &str) {
    if let Some(problem) = button.next_element_sibling() {
        problem.set_text_content(Some(message));
    }
}

/// What follows a tap.
enum Next {
    /// The order's page tells what came of it.
    Order,
    /// WeChat refused the payment, and does not say why: perhaps another of its users is there now.
    Failed,
    /// The form pays: its page uses the plain bridge, which needs no configuration.
    Form,
    /// The page is left for the login, or lies under the mini program's own.
    Elsewhere,
    /// The shopper is told.
    Say(String),
}

impl Next {
    /// After the mini program was asked to open its own payment. The form leads there too.
    const fn miniprogram(asked: bool) -> Self {
        if asked { Self::Elsewhere } else { Self::Form }
    }
}

async fn pay(order: &str) -> Next {
    match pay_order(order.to_owned()).await {
        Ok(payment) if wx::configured(CONFIG_WAIT_MS).await == Some(wx::Config::Ready) => {
            match wx::choose_wx_pay(&payment).await {
                Sheet::Ok | Sheet::Cancelled => Next::Order,
                Sheet::Failed => Next::Failed,
                Sheet::Unavailable => Next::Form,
            }
        }
        Ok(_) => Next::Form,
        Err(error) => match error.code {
            ErrorCode::AlreadyPaid => Next::Order,
            ErrorCode::LoggedOut if login::log_in() => Next::Elsewhere,
            _ => Next::Say(error.message),
        },
    }
}
