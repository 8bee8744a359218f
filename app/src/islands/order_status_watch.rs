use leptos::{html::Span, prelude::*, task::spawn_local};
use model::{ErrorCode, order::OrderState};

use super::{live::use_live, login};
use crate::{api::order_status_of, browser};

/// The pauses between requests, in milliseconds. After the last one, the island asks only when the shopper returns to
/// the page.
const PAUSES: [i32; 9] = [500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 30_000];

/// The pause between further requests on a page with `data-patient`, in milliseconds.
const LAST_PAUSE: i32 = 5000;

/// How many requests show the hint. It must end soon for a shopper who cancelled the payment.
const REQUESTS_WITH_HINT: usize = 4;

/// Watches the state of an unpaid order, and opens the order's page when the state changes.
///
/// An ancestor must have the order's id in `data-order`, and the state that the page shows in `data-state`. With
/// `data-patient` the island never stops. WeChat may not call back after a payment, so the island also asks when the
/// shopper returns to the page.
#[island]
pub fn OrderStatusWatch(
    /// The hint that the shop is checking the payment.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Span>::new();
    // the number of the current request; `None` while the island is idle
    let (request, set_request) = signal(None::<usize>);
    let live = use_live();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        let data = |name| browser::closest_data(&root, name);
        let (Some(order), Some(shown)) = (data("order"), data("state")) else { return };
        let Ok(shown) = shown.parse::<OrderState>() else { return };
        if shown.is_settled() {
            return;
        }
        let is_patient = data("patient").is_some();
        let start = move || {
            if request.get_untracked().is_some() {
                return;
            }
            set_request.set(Some(0));
            let order = order.clone();
            spawn_local(async move {
                watch(&order, shown, is_patient, set_request).await;
                set_request.set(None);
            });
        };
        // a page from the history may be older than a payment in the mini program
        if shown != OrderState::Created || browser::came_from_history() {
            start();
        }
        browser::on_return(start);
    });
    let is_hidden = move || request.get().is_none_or(|request| request >= REQUESTS_WITH_HINT);
    view! { <span class="muted" node_ref=root data-live=live hidden=is_hidden>{children()}</span> }
}

async fn watch(order: &str, shown: OrderState, is_patient: bool, set_request: WriteSignal<Option<usize>>) {
    let pauses = PAUSES.into_iter().chain(is_patient.then_some(LAST_PAUSE).into_iter().cycle());
    for (request, pause) in pauses.enumerate() {
        set_request.set(Some(request));
        match order_status_of(order.to_owned()).await {
            // a change to `paying` shows nothing new, and the payment sheet may be open over this page
            Ok(status) if status.state != shown && !status.state.is_payable() => {
                return browser::replace_page(&["/orders/", order].concat());
            }
            Err(error) if error.code == ErrorCode::LoggedOut => {
                login::log_in();
                return;
            }
            // no change yet, or a failure of the network: ask again
            Ok(_) | Err(_) => browser::sleep(pause).await,
        }
    }
}
