use leptos::{html::Div, prelude::*};

use crate::browser;

/// Buttons beside the number input among its children. Without them the input works by itself.
#[island]
pub fn QuantityStepper(children: Children) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let (quantity, set_quantity) = signal(1);
    let input = move || {
        let input = root.get_untracked()?.query_selector("input").ok()??;
        Some(wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlInputElement>(input))
    };
    let bound = |text: String, otherwise: i32| text.parse().unwrap_or(otherwise);
    let step = move |by: i32| {
        let Some(input) = input() else { return };
        let value = (bound(input.value(), 1) + by).clamp(bound(input.min(), 1), bound(input.max(), 99));
        input.set_value(&value.to_string());
        set_quantity.set(value);
    };
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        step(0);
        browser::set_live(&root);
    });
    view! {
        <div class="stepper" node_ref=root>
            <button type="button" aria-label=less() disabled=move || quantity.get() <= 1 on:click=move |_| step(-1)>
                "−"
            </button>
            {children()}
            <button type="button" aria-label=more() on:click=move |_| step(1)>"+"</button>
        </div>
    }
}

/// The page's language is known on the server, where the button is written.
#[cfg(feature = "ssr")]
fn less() -> &'static str {
    crate::words::say(crate::words::DECREASE)
}

#[cfg(feature = "ssr")]
fn more() -> &'static str {
    crate::words::say(crate::words::INCREASE)
}

#[cfg(not(feature = "ssr"))]
fn less() -> &'static str {
    if browser::in_english() { "Fewer" } else { "减少" }
}

#[cfg(not(feature = "ssr"))]
fn more() -> &'static str {
    if browser::in_english() { "More" } else { "增加" }
}
