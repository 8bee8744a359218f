use leptos::{ev::MouseEvent, html::Button, prelude::*, task::spawn_local};
use model::ErrorCode;

use super::{live::use_live, login, payer};
use crate::{
    api::pay_order,
    browser,
    wx::{self, Sheet},
};

/// How long a tap waits for `wx.config`, in milliseconds. After that the form pays.
const CONFIG_WAIT_MS: i32 = 3000;

/// The button of the form `POST /orders/{id}/pay`. In WeChat it opens the payment sheet on this page.
///
/// The form pays in three cases: before the island is live, outside WeChat, and if the sheet cannot open. An ancestor
/// must have the order's id in `data-order`, its link in `data-link`, and the page of the mini program that pays it in
/// `data-miniprogram`.
#[island]
pub fn PayButton(
    /// The button's text.
    children: Children,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (is_busy, set_busy) = signal(false);
    let (problem, set_problem) = signal(String::new());
    let live = use_live();

    let pay = move |event: MouseEvent| {
        let Some(button) = button.get_untracked() else { return };
        let data = |name| browser::closest_data(&button, name);
        let Some(order) = data("order").filter(|_| browser::in_wechat()) else { return };
        event.prevent_default();
        // a second tap may come before the browser draws the button as disabled
        if is_busy.get_untracked() {
            return;
        }
        set_busy.set(true);
        set_problem.set(String::new());
        let (miniprogram, link) = (data("miniprogram"), data("link"));
        spawn_local(async move {
            let outcome = match miniprogram {
                Some(page) if wx::in_miniprogram() => open_miniprogram(&page).await,
                _ => pay_in_sheet(&order, &link.unwrap_or_default()).await,
            };
            match outcome {
                Outcome::Ended => browser::replace_page(&["/orders/", &order].concat()),
                Outcome::Form => {
                    if let Some(form) = button.form() {
                        let _ = form.submit();
                    }
                }
                Outcome::Leaving => {}
                Outcome::Problem(message) => {
                    set_problem.set(message);
                    set_busy.set(false);
                }
            }
        });
    };

    Effect::new(move |_| {
        if payer::has_returned()
            && let Some(button) = button.get_untracked()
        {
            button.click();
        }
        // WeChat may not call back, so allow another tap
        browser::on_return(move || set_busy.set(false));
    });

    view! {
        <div class="pay">
            <button class="button primary" node_ref=button data-live=live disabled=is_busy on:click=pay>
                {children()}
            </button>
            <p class="problem" role="alert" hidden=move || problem.with(String::is_empty)>
                {problem}
            </p>
        </div>
    }
}

/// The outcome of a tap.
enum Outcome {
    /// The payment sheet ended. The order's page shows the result.
    Ended,
    /// The form must pay. Its page uses WeChat's bridge, which needs no configuration.
    Form,
    /// The browser is leaving the page, or the mini program covers it.
    Leaving,
    /// The payment failed. The shopper reads this sentence.
    Problem(String),
}

/// Opens the page of the mini program that pays the order. If this fails, the form leads there.
async fn open_miniprogram(page: &str) -> Outcome {
    if wx::navigate_to(page).await { Outcome::Leaving } else { Outcome::Form }
}

async fn pay_in_sheet(order: &str, link: &str) -> Outcome {
    match pay_order(order.to_owned()).await {
        Ok(payment) if wx::configured(CONFIG_WAIT_MS).await == Some(wx::Config::Ready) => {
            let outcome = match wx::choose_wx_pay(&payment).await {
                Sheet::Ok => "ok",
                Sheet::Cancelled => "cancel",
                Sheet::Failed => "fail",
                Sheet::Unavailable => return Outcome::Form,
            };
            if payer::finish(order, outcome, link) { Outcome::Leaving } else { Outcome::Ended }
        }
        Ok(_) => Outcome::Form,
        Err(error) => match error.code {
            ErrorCode::AlreadyPaid => Outcome::Ended,
            ErrorCode::LoggedOut if login::log_in() => Outcome::Leaving,
            _ => Outcome::Problem(error.message),
        },
    }
}
