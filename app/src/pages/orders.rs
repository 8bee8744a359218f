use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::OrderId;
use shop::{OrderDetail, Shop};

use super::{suspended_page::SuspendedPage, time::shanghai};
use crate::{
    Visitor,
    components::{Layout, OrderSummary},
    messages::{self, t},
};

/// The shopper's orders, newest first.
#[component]
pub(super) fn OrdersPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let before = use_query_map().get_untracked().get("before").and_then(|text| text.parse::<OrderId>().ok());
    view! {
        <SuspendedPage load=async move {
            // outside WeChat a session starts with the first order or the first product in the cart
            let orders = match visitor.session {
                Some(shopper) => shop.orders().my_orders(&shopper, before.as_ref()).await?,
                None => Vec::new(),
            };
            Ok(show(orders, before.is_some()))
        }/>
    }
}

fn show(orders: Vec<OrderDetail>, older: bool) -> AnyView {
    let next = orders.last().filter(|_| orders.len() == shop::ORDERS_PAGE).map(|order| order.id.clone());
    let empty = orders.is_empty();
    view! {
        <Layout title=t(messages::MY_ORDERS).to_owned() tab="/orders">
            <h1 class="page-title">{t(messages::MY_ORDERS)}</h1>
            {empty
                .then(|| {
                    let text = if older { messages::NO_EARLIER_ORDERS } else { messages::NO_ORDERS };
                    view! { <p class="empty">{t(text)}</p> }
                })}
            {orders
                .into_iter()
                .map(|order| {
                    view! {
                        <a class="panel order" href=format!("/orders/{}", order.id)>
                            <div class="cell">
                                <span class="muted">{shanghai(order.created_ms)}</span>
                                <strong class=order.state.as_str()>{t(messages::state(order.state, order.standing))}</strong>
                            </div>
                            <OrderSummary kind=order.kind lines=order.lines total=order.total_fee/>
                        </a>
                    }
                })
                .collect_view()}
            {next.map(|id| view! { <a class="more" href=format!("/orders?before={id}")>{t(messages::EARLIER_ORDERS)}</a> })}
        </Layout>
    }
    .into_any()
}
