use leptos::prelude::*;
use shop::Product;

use super::Price;
use crate::messages::{self, t};

/// A product in a list.
#[component]
pub(crate) fn Card(
    product: Product,
    /// Loads the picture at once. The first products of a page are visible without scrolling.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let cheapest = product.skus.iter().map(|spec| spec.price).min();
    let several = product.skus.iter().any(|spec| Some(spec.price) != cheapest);
    let loading = if eager { "eager" } else { "lazy" };
    view! {
        <a class="card" href=format!("/products/{}", product.id)>
            <img src=product.picture alt="" width="160" height="160" loading=loading/>
            <span class="card-name">{product.name}</span>
            <span class="muted">{product.summary}</span>
            <span class="card-price">
                {cheapest.map(|fen| view! { <Price fen/> })}
                {several.then(|| view! { <small class="muted">" " {t(messages::AND_UP)}</small> })}
            </span>
        </a>
    }
}
