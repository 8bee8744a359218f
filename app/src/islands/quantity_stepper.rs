use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlInputElement};

use super::mark::mark;
use crate::browser;

/// Brings to life the buttons beside a number input: the first element around it takes away, its last button adds. Without
/// them the input works by itself.
#[island]
pub fn QuantityStepper() -> impl IntoView {
    mark(steps)
}

fn steps(root: Element) {
    let parts = (
        root.first_element_child(),
        root.query_selector("input").ok().flatten(),
        root.query_selector("button:last-of-type").ok().flatten(),
    );
    let (Some(less), Some(input), Some(more)) = parts else { return };
    let less: HtmlButtonElement = less.unchecked_into();
    let input: HtmlInputElement = input.unchecked_into();
    let step = {
        let less = less.clone();
        move |by: i32| {
            let bound = |text: String, otherwise| text.parse().unwrap_or(otherwise);
            let quantity =
                (bound(input.value(), 1) + by).clamp(bound(input.min(), 1), bound(input.max(), 99));
            input.set_value(&quantity.to_string());
            less.set_disabled(quantity <= 1);
        }
    };
    step(0);
    browser::on(&more, "click", {
        let step = step.clone();
        move |_| step(1)
    });
    browser::on(&less, "click", move |_| step(-1));
    browser::set_live(&root);
}
