use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::Quantity;
use shop::{Product, Shop, ShopError};

use super::message::failed;
use crate::{
    components::{Frame, Price, Share},
    islands::QuantityStepper,
};

#[component]
pub(super) fn ProductPage() -> impl IntoView {
    let shop = expect_context::<Shop>();
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let (sku, quantity) = (query.get("sku"), query.get("quantity"));
    view! {
        <Suspense>
            {Suspend::new(async move {
                let Some(product) = shop.catalogue().product(&id).cloned() else {
                    return failed(&ShopError::NotFound);
                };
                let stock = match shop.store().stock().await {
                    Ok(stock) => stock,
                    Err(error) => return failed(&error.into()),
                };
                let left = product
                    .skus
                    .iter()
                    .map(|spec| stock.iter().find(|(sku, _)| *sku == spec.sku).map_or(0, |(_, left)| *left))
                    .collect();
                let quantity = quantity.and_then(|text| text.parse().ok()).unwrap_or(Quantity::ONE);
                show(product, left, sku, quantity)
            })}
        </Suspense>
    }
}

fn show(product: Product, left: Vec<i64>, chosen: Option<String>, quantity: Quantity) -> AnyView {
    let share =
        Share { title: product.name.clone(), desc: product.summary.clone(), image: product.picture.clone() };
    let off_shelf = !product.on_sale;
    let sold_out = off_shelf || left.iter().all(|left| *left == 0);
    let first = product
        .skus
        .iter()
        .zip(&left)
        .position(|(spec, left)| *left > 0 && chosen.as_deref().is_none_or(|sku| sku == spec.sku.as_str()))
        .unwrap_or(0);
    let most = left.get(first).copied().unwrap_or(0).clamp(1, Quantity::MAX.get());
    let price = product.skus.iter().map(|spec| spec.price).min();
    let single = product.skus.len() == 1;
    let specs = product
        .skus
        .into_iter()
        .zip(left)
        .enumerate()
        .map(|(at, (spec, left))| {
            view! {
                <label class="spec" class:single=single>
                    <input
                        type="radio"
                        name="sku"
                        value=spec.sku.to_string()
                        checked=at == first
                        disabled=left == 0
                    />
                    <span>{spec.spec}</span>
                    {(!single).then(|| view! { <Price fen=spec.price/> })}
                    <span class="muted">{if left == 0 { "已售罄".to_owned() } else { format!("剩 {left} 件") }}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Frame title=product.name.clone() share=Some(share) bare=true>
            <img class="hero" src=product.picture alt=product.name.clone() width="390" height="390"/>
            <form class="product" method="post" action="/orders">
                <section class="panel">
                    {price.map(|fen| view! { <Price fen/> })}
                    {(!single).then_some(view! { <small class="muted">" 起"</small> })}
                    <h1>{product.name}</h1>
                    <p class="muted">{product.summary}</p>
                </section>
                <section class="panel">
                    <fieldset>
                        <legend>"规格"</legend>
                        {specs}
                    </fieldset>
                    <div class="cell">
                        <span>"数量"</span>
                        <QuantityStepper>
                            <input
                                type="number"
                                name="quantity"
                                aria-label="数量"
                                inputmode="numeric"
                                min="1"
                                max=most.to_string()
                                value=quantity.to_string()
                            />
                        </QuantityStepper>
                    </div>
                </section>
                <section class="panel">
                    <h2>"商品介绍"</h2>
                    <p class="description">{product.description}</p>
                </section>
                <div class="bottom">
                    <a class="button" href="/">"首页"</a>
                    <button class="button primary" disabled=sold_out>
                        {if off_shelf { "已下架" } else if sold_out { "已售罄" } else { "立即购买" }}
                    </button>
                </div>
            </form>
        </Frame>
    }
    .into_any()
}
