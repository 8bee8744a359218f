use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, Quantity, Sku};
use shop::{Product, Shop, ShopError, Specification};

use super::{message::error_page, suspended_page::SuspendedPage};
use crate::{
    components::{Layout, OrderLine, Price},
    messages::{self, t},
};

/// A shopper who chose a product before the login returns to this page. The URL has the choice.
#[component]
pub(super) fn BuyPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let shop = expect_context::<Shop>();
    let sku = query.get("sku").and_then(|text| text.parse::<Sku>().ok());
    let quantity =
        query.get("quantity").and_then(|text| text.parse::<Quantity>().ok()).unwrap_or(Quantity::ONE);
    let found = sku.and_then(|sku| {
        shop.products().catalogue().sku(&sku).map(|(product, spec)| (product.clone(), spec.clone()))
    });
    let Some((product, spec)) = found else { return error_page(&ShopError::NotFound) };
    view! {
        <SuspendedPage load=async move {
            let stock = shop.products().stock_of(&product.id).await?;
            let left = stock.iter().find(|row| row.sku == spec.sku).map_or(0, |row| row.stock);
            let sold_out = !product.on_sale || left < quantity.get();
            Ok(show(product, spec, quantity, sold_out))
        }/>
    }
    .into_any()
}

fn show(product: Product, spec: Specification, quantity: Quantity, sold_out: bool) -> AnyView {
    let page = format!("/products/{}", product.id);
    let line = shop::OrderLine {
        name: product.name,
        spec: spec.spec,
        picture: product.picture,
        price: spec.price,
        quantity,
    };
    let fee = spec.price.checked_mul(quantity.get()).unwrap_or(Fen::ZERO);
    view! {
        <Layout title=t(messages::CONFIRM_PURCHASE).to_owned() without_tabs=true>
            <h1 class="page-title">{t(messages::CONFIRM_PURCHASE)}</h1>
            <section class="panel">
                <OrderLine line/>
                {sold_out.then(|| view! { <p class="warn" role="status">{t(messages::NOT_ENOUGH_STOCK)}</p> })}
            </section>
            <form class="bottom" method="post" action="/orders">
                <input type="hidden" name="sku" value=spec.sku.to_string()/>
                <input type="hidden" name="quantity" value=quantity.to_string()/>
                <Price fen=fee/>
                {if sold_out {
                    view! { <a class="button primary" href=page>{t(messages::BACK_TO_PRODUCT)}</a> }.into_any()
                } else {
                    view! {
                        <button class="button" formaction="/cart">{t(messages::ADD_TO_CART)}</button>
                        <button class="button primary">{t(messages::CONTINUE_BUYING)}</button>
                    }
                    .into_any()
                }}
            </form>
        </Layout>
    }
    .into_any()
}
