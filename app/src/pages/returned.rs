use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::OrderDetail;

use super::{message::failed, order::own_order};
use crate::{
    Visitor,
    components::Frame,
    islands::OrderStatusWatch,
    words::{self, say},
};

/// Where WeChat's cashier sends a phone's browser back to. Nobody knows yet whether it was paid: the shopper says so, and
/// WeChat is asked.
#[component]
pub(super) fn ReturnedPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<shop::Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match own_order(shop, visitor, id).await {
                    Ok(order) if order.state.is_payable() => show(&order),
                    Ok(order) => {
                        leptos_axum::redirect(&format!("/orders/{}", order.id));
                        ().into_any()
                    }
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

fn show(order: &OrderDetail) -> AnyView {
    let id = order.id.to_string();
    view! {
        <Frame title=say(words::PAY).to_owned() bare=true>
            <section class="message" data-order=id.clone() data-state="paying">
                <h1>{say(words::WERE_YOU_ABLE)}</h1>
                <p>{say(words::WERE_YOU_ABLE_HINT)}</p>
                <OrderStatusWatch>
                    <span class="muted">{say(words::ASKING_WECHAT)}</span>
                </OrderStatusWatch>
                <a class="button primary wide" href=format!("/orders/{id}")>{say(words::HAVE_PAID)}</a>
                <form class="wide" method="post" action=format!("/orders/{id}/pay")>
                    <button class="button wide">{say(words::PAY_AGAIN)}</button>
                </form>
            </section>
        </Frame>
    }
    .into_any()
}
