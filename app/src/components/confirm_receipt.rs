use leptos::prelude::*;

use crate::messages::{self, t};

/// The button with which the shopper confirms the receipt. It is a form, so it works without WebAssembly.
#[component]
pub(crate) fn ConfirmReceipt(
    /// The path of the order's page.
    page: String,
    /// Whether the button is in a list, and must be small.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let class = if small { "button small" } else { "button primary wide" };
    view! {
        <form method="post" action=format!("{page}/received")>
            <button class=class>{t(messages::CONFIRM_RECEIPT)}</button>
        </form>
    }
}
