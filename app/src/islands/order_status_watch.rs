use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;
use model::{ErrorCode, order::OrderState};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::{login, mark::mark};
use crate::{api::order_status_of, browser};

/// Pauses between questions, ms. After the last one the shopper's next look asks again.
const PAUSES: [i32; 9] = [500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 30_000];

/// Between further questions, on a page that says that it goes on looking: `data-patient` around it. ms.
const LAST_PAUSE: i32 = 5000;

/// Questions during which the shopper is told that something is being looked up.
const HINTED: usize = 4;

/// Asks the server how the order stands and shows its page anew when that changes: `data-order` and `data-state` of
/// the element around it. The payment's callback may never come, so every return to the page asks too. A hint
/// around it, `data-hint="order"`, is shown for its first questions: who cancelled need not read for a minute that
/// something is looked up.
#[island]
pub fn OrderStatusWatch() -> impl IntoView {
    mark(watches)
}

fn watches(around: Element) {
    browser::set_live(&around);
    let data = |name| browser::data_around(&around, name);
    let (Some(order), Some(shown)) = (data("order"), data("state")) else { return };
    let Ok(shown) = shown.parse::<OrderState>() else { return };
    if shown.is_settled() {
        return;
    }
    let patient = data("patient").is_some();
    let hint = around.query_selector("[data-hint=order]").ok().flatten();
    let asking = Rc::new(Cell::new(false));
    let ask = Rc::new(move || {
        if asking.replace(true) {
            return;
        }
        let (order, hint, asking) = (order.clone(), hint.clone(), Rc::clone(&asking));
        spawn_local(async move {
            watch(&order, shown, patient, hint.as_ref()).await;
            show(hint.as_ref(), false);
            asking.set(false);
        });
    });
    browser::on_shown({
        let ask = Rc::clone(&ask);
        move || ask()
    });
    // as kept, the page may be older than what the mini program's page over it has paid
    if shown != OrderState::Created || browser::came_back() {
        ask();
    }
}

async fn watch(order: &str, shown: OrderState, patient: bool, hint: Option<&Element>) {
    let pauses = PAUSES.into_iter().chain(patient.then_some(LAST_PAUSE).into_iter().cycle());
    for (asked, pause) in pauses.enumerate() {
        show(hint, asked < HINTED);
        match order_status_of(order.to_owned()).await {
            // from created to paying nothing is to be shown: the sheet may be open over this page
            Ok(status) if status.state != shown && !status.state.is_payable() => {
                return browser::replace(&["/orders/", order].concat());
            }
            Err(error) if error.code == ErrorCode::LoggedOut => {
                login::log_in();
                return;
            }
            // not yet, or the network is bad: the next question may do better
            Ok(_) | Err(_) => browser::sleep(pause).await,
        }
    }
}

fn show(hint: Option<&Element>, shown: bool) {
    if let Some(hint) = hint {
        browser::set_shown(hint, shown);
    }
}
