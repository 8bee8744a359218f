use leptos::prelude::*;
use shop::{Product, Shop};

use super::{PageStyle, search::SearchForm};
use crate::{
    components::{Card, Layout},
    messages::{self, t},
};

/// How many products are visible without scrolling.
const VISIBLE_AT_ONCE: usize = 4;

/// The list of all products, by category.
#[component]
pub(super) fn ListPage() -> impl IntoView {
    let shop = expect_context::<Shop>();
    let name = shop.settings().name.clone();
    let mut shelves: Vec<(String, Vec<(usize, Product)>)> = Vec::new();
    for (at, product) in shop.products().catalogue().products().iter().cloned().enumerate() {
        match shelves.iter_mut().find(|(category, _)| *category == product.category) {
            Some((_, shelf)) => shelf.push((at, product)),
            None => shelves.push((product.category.clone(), vec![(at, product)])),
        }
    }
    let chips = shelves
        .iter()
        .enumerate()
        .map(|(at, (category, shelf))| {
            let picture = shelf.first().map(|(_, product)| product.picture.clone());
            view! {
                <a href=format!("#shelf-{at}")>
                    {picture.map(|src| view! { <img src=src alt="" width="48" height="48" loading="lazy"/> })}
                    <span>{category.clone()}</span>
                </a>
            }
        })
        .collect_view();
    let shelves = shelves
        .into_iter()
        .enumerate()
        .map(|(at, (category, shelf))| {
            view! {
                <section id=format!("shelf-{at}")>
                    <h2>{category}</h2>
                    <div class="grid">
                        {shelf
                            .into_iter()
                            .map(|(at, product)| view! { <Card product eager=at < VISIBLE_AT_ONCE/> })
                            .collect_view()}
                    </div>
                </section>
            }
        })
        .collect_view();
    view! {
        <Layout title=name.clone() tab="/" styles=&[PageStyle::List]>
            <SearchForm text=String::new()/>
            <header class="banner">
                <h1>{name}</h1>
                <p>{t(messages::SHOP_SLOGAN)}</p>
            </header>
            <nav class="categories" aria-label=t(messages::CATEGORIES)>{chips}</nav>
            {shelves}
        </Layout>
    }
}
