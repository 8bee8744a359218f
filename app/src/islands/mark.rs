use leptos::prelude::*;
use web_sys::Element;

/// What an island renders. In the browser `wake` gets the element around the island.
pub(super) fn mark(wake: fn(Element)) -> impl IntoView {
    let found = move |mark: Element| {
        if let Some(around) = mark.parent_element().and_then(|island| island.parent_element()) {
            wake(around);
        }
    };
    view! { <i use:found></i> }
}
