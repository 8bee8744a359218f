use leptos::prelude::*;
use model::Quantity;

use crate::{
    islands::QuantityStepper,
    messages::{self, t},
};

/// The field for a quantity, with buttons that change it.
#[component]
pub(crate) fn QuantityInput(quantity: Quantity, max: i64) -> impl IntoView {
    view! {
        <QuantityStepper>
            <span id="decrease" hidden>{t(messages::DECREASE)}</span>
            <input
                type="number"
                name="quantity"
                aria-label=t(messages::QUANTITY)
                inputmode="numeric"
                min="1"
                max=max.to_string()
                value=quantity.to_string()
            />
            <span id="increase" hidden>{t(messages::INCREASE)}</span>
        </QuantityStepper>
    }
}
