use leptos::prelude::*;
use model::Fen;

/// An amount in yuan.
#[component]
pub(crate) fn Price(fen: Fen) -> impl IntoView {
    view! { <span class="price"><small>"¥"</small>{fen.to_string()}</span> }
}
