use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::OrderId;
use shop::{OrderDetail, Shop};

use super::{message::failed, time::shanghai};
use crate::{
    Visitor,
    components::{Layout, OrderSummary},
    messages::{self, t},
};

#[component]
pub(super) fn OrdersPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let before = use_query_map().get_untracked().get("before").and_then(|text| text.parse::<OrderId>().ok());
    view! {
        <Suspense>
            {Suspend::new(async move {
                // outside WeChat, who has ordered nothing is nobody yet
                let Some(shopper) = visitor.session else { return show(Vec::new(), false) };
                match shop.my_orders(&shopper, before.as_ref()).await {
                    Ok(orders) => show(orders, before.is_some()),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
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
