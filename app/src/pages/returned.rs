use leptos::prelude::*;
use shop::OrderDetail;

use super::order::{about_order, lead_to_order};
use crate::{
    components::Frame,
    islands::OrderStatusWatch,
    words::{self, say},
};

/// Where WeChat's cashier sends a phone's browser back to. Nobody knows yet whether it was paid: the shopper says so, and
/// WeChat is asked.
#[component]
pub(super) fn ReturnedPage() -> impl IntoView {
    about_order(|order| if order.state.is_payable() { show(&order) } else { lead_to_order(order.id) })
}

fn show(order: &OrderDetail) -> AnyView {
    let id = order.id.to_string();
    view! {
        <Frame title=say(words::PAY).to_owned() bare=true>
            <section class="message" data-order=id.clone() data-state="paying">
                <h1>{say(words::WERE_YOU_ABLE)}</h1>
                <p>{say(words::WERE_YOU_ABLE_HINT)}</p>
                <span class="muted" data-hint="order" hidden>{say(words::ASKING_WECHAT)}</span>
                <OrderStatusWatch/>
                <a class="button primary wide" href=format!("/orders/{id}")>{say(words::HAVE_PAID)}</a>
                <form class="wide" method="post" action=format!("/orders/{id}/pay")>
                    <button class="button wide">{say(words::PAY_AGAIN)}</button>
                </form>
            </section>
        </Frame>
    }
    .into_any()
}
