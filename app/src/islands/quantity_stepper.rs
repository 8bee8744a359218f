use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::live::use_live;

/// Two buttons beside a number input, which decrease and increase the number. The input also works without them.
#[island]
pub fn QuantityStepper(
    /// The input, and the name of each button: elements with the ids `decrease` and `increase`.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let (quantity, set_quantity) = signal(1);
    let live = use_live();
    let input = move || -> Option<HtmlInputElement> {
        Some(root.get_untracked()?.query_selector("input").ok()??.unchecked_into())
    };
    let read = move || {
        if let Some(input) = input() {
            set_quantity.set(number(&input.value()).unwrap_or(1));
        }
    };
    let add = move |change: i32| {
        let Some(input) = input() else { return };
        let (min, max) = (number(&input.min()).unwrap_or(1), number(&input.max()).unwrap_or(99));
        let sum = (number(&input.value()).unwrap_or(1) + change).clamp(min, max);
        input.set_value(&sum.to_string());
        set_quantity.set(sum);
    };
    // the number may not be 1, after a link or from the history
    Effect::new(move |_| read());
    view! {
        <div class="stepper" node_ref=root data-live=live on:input=move |_| read()>
            <button
                type="button"
                aria-labelledby="decrease"
                disabled=move || quantity.get() <= 1
                on:click=move |_| add(-1)
            >
                "−"
            </button>
            {children()}
            <button type="button" aria-labelledby="increase" on:click=move |_| add(1)>
                "+"
            </button>
        </div>
    }
}

fn number(text: &str) -> Option<i32> {
    text.parse().ok()
}
