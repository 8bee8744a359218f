use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, Quantity, Sku};
use shop::{Shop, ShopError};

use super::message::failed;
use crate::{
    components::{Frame, OrderLine, Price},
    words::{self, say},
};

/// Where a shopper comes back to who chose something before she was logged in: nothing of her choice is lost.
#[component]
pub(super) fn BuyPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let shop = expect_context::<Shop>();
    let sku = query.get("sku").and_then(|text| text.parse::<Sku>().ok());
    let quantity =
        query.get("quantity").and_then(|text| text.parse::<Quantity>().ok()).unwrap_or(Quantity::ONE);
    let found =
        sku.and_then(|sku| shop.catalogue().sku(&sku).map(|(product, spec)| (product.clone(), spec.clone())));
    let Some((product, spec)) = found else { return failed(&ShopError::NotFound) };
    let line = shop::OrderLine {
        name: product.name,
        spec: spec.spec,
        picture: product.picture,
        price: spec.price,
        quantity,
    };
    let fee = spec.price.times(quantity.get()).unwrap_or(Fen::ZERO);
    view! {
        <Frame title=say(words::CONFIRM_BUY).to_owned() bare=true>
            <h1 class="page-title">{say(words::CONFIRM_BUY)}</h1>
            <section class="panel">
                <OrderLine line/>
            </section>
            <form class="bottom" method="post" action="/orders">
                <input type="hidden" name="sku" value=spec.sku.to_string()/>
                <input type="hidden" name="quantity" value=quantity.to_string()/>
                <Price fen=fee/>
                <button class="button" formaction="/cart">{say(words::ADD_TO_CART)}</button>
                <button class="button primary">{say(words::CONTINUE_BUYING)}</button>
            </form>
        </Frame>
    }
    .into_any()
}
