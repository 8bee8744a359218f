use leptos::{html::Span, prelude::*, task::spawn_local};
use model::{ErrorCode, order::OrderState};

use super::{live::use_live, login};
use crate::{api::order_status_of, browser};

/// The pauses between requests, ms. After the last one, the island asks when the shopper returns to the page.
const PAUSES: [i32; 9] = [500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 30_000];

/// The pause between further requests on a page that keeps watching, ms.
const LAST_PAUSE: i32 = 5000;

/// How many requests show the hint. A shopper who cancelled need not read it for a minute.
const REQUESTS_WITH_HINT: usize = 4;

/// Watches the state of an order that is not settled, and opens the order's page when the state changes.
///
/// An ancestor holds the order's id, `data-order`, and the state that the page shows, `data-state`. With `data-patient`
/// the island keeps watching. WeChat may never call back after a payment, so the island also asks each time that the
/// shopper returns to the page.
#[island]
pub fn OrderStatusWatch(
    /// The hint that the shop is checking the payment.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Span>::new();
    // the number of the current request; none while the island is idle
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
        // a page out of the history may be older than a payment in the mini program
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
            // the change from created to paying shows nothing new, and the payment sheet may be open over this page
            Ok(status) if status.state != shown && !status.state.is_payable() => {
                return browser::replace_page(&["/orders/", order].concat());
            }
            Err(error) if error.code == ErrorCode::LoggedOut => {
                login::log_in();
                return;
            }
            // nothing has changed yet, or the network failed: the next request may succeed
            Ok(_) | Err(_) => browser::sleep(pause).await,
        }
    }
}
