use leptos::{html::Button, prelude::*, task::spawn_local};
use model::ErrorCode;

use super::login;
use crate::{
    api::pay_order,
    browser,
    wx::{self, Sheet},
};

/// How long a tap waits for `wx.config` before it pays over the plain bridge instead. ms.
const CONFIG_WAIT_MS: i32 = 3000;

/// The button of the form `POST /orders/{id}/pay`. Until it is live the form itself pays; from then on it opens the
/// payment sheet on this page, or, in a mini program's web view, the page `data-miniprogram` of the mini program. The
/// order is `data-order` of the element around it, its link `data-link`. Outside WeChat the form does it all.
#[island]
pub fn PayButton(children: Children) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (busy, set_busy) = signal(false);
    let (problem, set_problem) = signal(String::new());
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            browser::set_live(&button);
            // an order opened by its link, after its payment failed for somebody else
            if login::pays_again() {
                button.click();
            }
            // a callback that never came, or a page out of the history: the shopper may tap again
            browser::on_shown(move || set_busy.set(false));
        }
    });
    let tapped = move |event: leptos::ev::MouseEvent| {
        let Some(button) = button.get_untracked() else { return };
        let Some(order) = browser::data_around(&button, "order") else { return };
        if !browser::in_wechat() {
            return;
        }
        let miniprogram = browser::data_around(&button, "miniprogram");
        let link = browser::data_around(&button, "link");
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        set_busy.set(true);
        set_problem.set(String::new());
        spawn_local(async move {
            let next = match miniprogram {
                Some(url) if wx::in_miniprogram() => Next::miniprogram(wx::navigate_to(&url).await),
                _ => pay(&order).await,
            };
            match next {
                Next::Failed if link.as_deref().is_some_and(login::ask_who) => {}
                Next::Order | Next::Failed => browser::replace(&format!("/orders/{order}")),
                Next::Form => {
                    if let Some(form) = button.form() {
                        let _ = form.submit();
                    }
                }
                Next::Elsewhere => {}
                Next::Say(message) => {
                    set_problem.set(message);
                    set_busy.set(false);
                }
            }
        });
    };
    view! {
        <button class="button primary" node_ref=button disabled=move || busy.get() on:click=tapped>
            {children()}
        </button>
        <p class="problem" role="alert">{move || problem.get()}</p>
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
