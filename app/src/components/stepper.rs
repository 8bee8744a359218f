use leptos::prelude::*;
use model::Quantity;

use crate::{
    islands::QuantityStepper,
    words::{self, say},
};

/// How many: a number that can be typed, and tapped up and down.
#[component]
pub(crate) fn Stepper(quantity: Quantity, most: i64) -> impl IntoView {
    view! {
        <div class="stepper">
            <button type="button" aria-label=say(words::DECREASE)>"−"</button>
            <input
                type="number"
                name="quantity"
                aria-label=say(words::HOW_MANY)
                inputmode="numeric"
                min="1"
                max=most.to_string()
                value=quantity.to_string()
            />
            <button type="button" aria-label=say(words::INCREASE)>"+"</button>
            <QuantityStepper/>
        </div>
    }
}
