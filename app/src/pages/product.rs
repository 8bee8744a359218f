use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::Quantity;
use shop::{Product, Shop, ShopError, Specification};

use super::{PageStyle, params::product_id, suspended_page::SuspendedPage};
use crate::{
    components::{HelpPanel, Icon, IconView, Layout, Price, QuantityInput, Share},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// A product, with the form that orders it.
#[component]
pub(super) fn ProductPage() -> impl IntoView {
    let (shop, id) = (expect_context::<Shop>(), product_id());
    let query = use_query_map().get_untracked();
    let (sku, quantity) = (query.get("sku"), query.get("quantity"));
    view! {
        <SuspendedPage load=async move {
            let product = shop.products().catalogue().product(&id?).cloned().ok_or(ShopError::NotFound)?;
            let stock = shop.products().stock_of(&product.id).await?;
            let left = product
                .skus
                .iter()
                .map(|spec| stock.iter().find(|row| row.sku == spec.sku).map_or(0, |row| row.stock))
                .collect();
            let quantity = quantity.and_then(|text| text.parse().ok()).unwrap_or(Quantity::ONE);
            Ok(show(product, left, sku, quantity))
        }/>
    }
}

fn show(product: Product, left: Vec<i64>, chosen: Option<String>, quantity: Quantity) -> AnyView {
    let share =
        Share { title: product.name.clone(), desc: product.summary.clone(), image: product.picture.clone() };
    let off_shelf = !product.on_sale;
    let sold_out = off_shelf || left.iter().all(|left| *left == 0);
    let pictures = std::iter::once(product.picture.clone()).chain(product.pictures.clone()).collect();
    let first = product
        .skus
        .iter()
        .zip(&left)
        .position(|(spec, left)| *left > 0 && chosen.as_deref().is_none_or(|sku| sku == spec.sku.as_str()))
        .unwrap_or(0);
    // the largest stock of all specifications; the server refuses an order that exceeds the chosen one
    let max = left.iter().copied().max().unwrap_or(0).clamp(1, Quantity::MAX.get());
    let price = product.skus.iter().map(|spec| spec.price).min();
    let single = product.skus.len() == 1;
    let several_prices = product.skus.iter().any(|spec| Some(spec.price) != price);
    let options = match product.skus.as_slice() {
        // nothing to choose
        [only] if only.spec.is_empty() => {
            let stock = (!sold_out).then(|| messages::left(left.iter().sum()));
            view! {
                <input type="hidden" name="sku" value=only.sku.to_string()/>
                <p class="muted">{stock}</p>
            }
            .into_any()
        }
        _ => {
            let specs = grouped(product.skus, left)
                .into_iter()
                .map(|(group, specs)| view! { <SpecGroup group specs first single/> })
                .collect_view();
            view! { <fieldset><legend>{t(messages::SPEC)}</legend> {specs}</fieldset> }.into_any()
        }
    };
    view! {
        <Layout title=product.name.clone() share=Some(share) without_tabs=true styles=&[PageStyle::Product]>
            // shown where the address ends with it: after the form below was sent to the cart
            <p class="toast" id="added" role="status">
                {t(messages::ADDED_TO_CART)} " " <a href="/cart">{t(messages::GO_TO_CART)}</a>
            </p>
            <Gallery pictures name=product.name.clone() sold_out/>
            <form class="product" method="get" action="/orders/new">
                <section class="panel headline">
                    {price.map(|fen| view! { <Price fen/> })}
                    {several_prices.then(|| view! { <small class="muted from">" " {t(messages::AND_UP)}</small> })}
                    <h1>{product.name}</h1>
                    <p class="muted">{product.summary}</p>
                </section>
                <section class="panel services">
                    <span><IconView icon=Icon::Shield/> {t(messages::SERVICE_PAY)}</span>
                    <span><IconView icon=Icon::Refund/> {t(messages::SERVICE_REFUND)}</span>
                    <span><IconView icon=Icon::Chat/> {t(messages::SERVICE_HELP)}</span>
                </section>
                <section class="panel">
                    {options}
                    <div class="cell">
                        <span>{t(messages::QUANTITY)}</span>
                        <QuantityInput quantity max/>
                    </div>
                </section>
                {(!product.description.is_empty())
                    .then(|| {
                        view! {
                            <section class="panel">
                                <h2>{t(messages::DESCRIPTION)}</h2>
                                <p class="description">{product.description}</p>
                            </section>
                        }
                    })}
                <HelpPanel/>
                <details class="panel share-hint">
                    <summary><IconView icon=Icon::Share/> {t(messages::SHARE)}</summary>
                    <p class="muted">{t(messages::SHARE_HINT)}</p>
                </details>
                <div class="bottom">
                    <nav class="bar">
                        <a href="/"><IconView icon=Icon::Home/>{t(messages::HOME)}</a>
                        <a href="/cart"><IconView icon=Icon::Cart/>{t(messages::CART)}</a>
                    </nav>
                    // `stay` brings the shopper back to this page
                    <input type="hidden" name="stay" value="1"/>
                    <button class="button" formmethod="post" formaction="/cart" disabled=sold_out>
                        {t(messages::ADD_TO_CART)}
                    </button>
                    <button class="button primary" disabled=sold_out>
                        {t(if off_shelf {
                            messages::OFF_SHELF
                        } else if sold_out {
                            messages::SOLD_OUT
                        } else {
                            messages::BUY_NOW
                        })}
                    </button>
                </div>
            </form>
            <InlineScript script=Script::ProductPrice/>
            <InlineScript script=Script::CartBadge/>
        </Layout>
    }
    .into_any()
}

/// The pictures of a product, beside each other: the shopper swipes, without a script.
#[component]
fn Gallery(pictures: Vec<String>, name: String, sold_out: bool) -> impl IntoView {
    let count = pictures.len();
    let pictures = (1..)
        .zip(pictures)
        .map(|(number, picture)| {
            let (priority, loading) = if number == 1 { (Some("high"), "eager") } else { (None, "lazy") };
            view! {
                <figure>
                    <img
                        class="hero"
                        src=picture
                        alt=if number == 1 { name.clone() } else { format!("{name} {number}") }
                        width="390"
                        height="390"
                        fetchpriority=priority
                        loading=loading
                    />
                    {(count > 1).then(|| view! { <figcaption>{number} "/" {count}</figcaption> })}
                </figure>
            }
        })
        .collect_view();
    view! {
        <div class="gallery" tabindex=(count > 1).then_some("0") aria-label=t(messages::PICTURES) role="group">
            {pictures}
            {sold_out.then(|| view! { <span class="sold-out">{t(messages::SOLD_OUT)}</span> })}
        </div>
    }
}

/// A specification, its index in the product, and its stock.
type Spec = (usize, Specification, i64);

/// Groups specifications with two parts (`米白 / L`) by the first part: each colour becomes a row with its sizes.
fn grouped(skus: Vec<Specification>, left: Vec<i64>) -> Vec<(String, Vec<Spec>)> {
    let mut groups: Vec<(String, Vec<Spec>)> = Vec::new();
    for (at, (spec, left)) in skus.into_iter().zip(left).enumerate() {
        let name = spec.spec.split_once(" / ").map_or("", |(name, _)| name).to_owned();
        match groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, specs)) => specs.push((at, spec, left)),
            None => groups.push((name, vec![(at, spec, left)])),
        }
    }
    groups
}

#[component]
fn SpecGroup(group: String, specs: Vec<Spec>, first: usize, single: bool) -> impl IntoView {
    let specs = specs
        .into_iter()
        .map(|(at, spec, left)| {
            let name = spec.spec.split_once(" / ").map_or(spec.spec.as_str(), |(_, name)| name).to_owned();
            view! {
                <label class="spec" class:single=single>
                    <input
                        type="radio"
                        name="sku"
                        value=spec.sku.to_string()
                        data-yuan=spec.price.to_string()
                        checked=at == first
                        disabled=left == 0
                    />
                    <span>{name}</span>
                    {(!single).then(|| view! { <Price fen=spec.price/> })}
                    <span class="muted">
                        {if left == 0 { t(messages::SOLD_OUT).to_owned() } else { messages::left(left) }}
                    </span>
                </label>
            }
        })
        .collect_view();
    if group.is_empty() {
        specs.into_any()
    } else {
        view! {
            <div class="spec-group" role="group" aria-label=group.clone()>
                <p>{group.clone()}</p>
                {specs}
            </div>
        }
        .into_any()
    }
}
