use leptos::prelude::*;
use model::Quantity;

use crate::{
    islands::QuantityStepper,
    messages::{self, t},
};

/// How many: a number that can be typed, and tapped up and down.
#[component]
pub(crate) fn Stepper(quantity: Quantity, most: i64) -> impl IntoView {
    view! {
        <div class="stepper">
            <button type="button" aria-label=t(messages::DECREASE)>"−"</button>
            <input
                type="number"
                name="quantity"
                aria-label=t(messages::QUANTITY)
                inputmode="numeric"
                min="1"
                max=most.to_string()
                value=quantity.to_string()
            />
            <button type="button" aria-label=t(messages::INCREASE)>"+"</button>
            <QuantityStepper/>
        </div>
    }
}
