use leptos::prelude::*;
use shop::{Product, Shop};

use crate::components::{Frame, Price};

#[component]
pub(super) fn ListPage() -> impl IntoView {
    let shop = expect_context::<Shop>();
    let name = shop.settings().name.clone();
    let mut shelves: Vec<(String, Vec<Product>)> = Vec::new();
    for product in shop.catalogue().products() {
        match shelves.iter_mut().find(|(category, _)| *category == product.category) {
            Some((_, shelf)) => shelf.push(product.clone()),
            None => shelves.push((product.category.clone(), vec![product.clone()])),
        }
    }
    view! {
        <Frame title=name.clone() tab="/">
            <header class="banner">
                <h1>{name}</h1>
                <p>"慢慢挑，好好用"</p>
            </header>
            {shelves
                .into_iter()
                .map(|(category, shelf)| {
                    view! {
                        <section>
                            <h2>{category}</h2>
                            <div class="grid">
                                {shelf.into_iter().map(|product| view! { <Card product/> }).collect_view()}
                            </div>
                        </section>
                    }
                })
                .collect_view()}
        </Frame>
    }
}

#[component]
fn Card(product: Product) -> impl IntoView {
    let cheapest = product.skus.iter().map(|spec| spec.price).min();
    let several = product.skus.len() > 1;
    view! {
        <a class="card" href=format!("/products/{}", product.id)>
            <img src=product.picture alt="" width="160" height="160" loading="lazy"/>
            <span class="card-name">{product.name}</span>
            <span class="muted">{product.summary}</span>
            <span class="card-price">
                {cheapest.map(|fen| view! { <Price fen/> })}
                {several.then_some(view! { <small class="muted">" 起"</small> })}
            </span>
        </a>
    }
}
