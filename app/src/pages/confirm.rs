use leptos::prelude::*;
use model::order::OrderKind;
use shop::{OrderDetail, Shop};

use super::{
    order::{order_page, redirect_to_order},
    time::shanghai,
};
use crate::{
    components::{Layout, OrderSummary, PayForm},
    islands::OrderStatusWatch,
    messages::{self, t},
};

/// The confirmation of an order: its lines, its address, its total and the button that pays.
#[component]
pub(super) fn ConfirmPage() -> impl IntoView {
    // the shopper may come back here after the payment
    order_page(|order| Ok(if order.state.is_payable() { show(order) } else { redirect_to_order(&order.id) }))
}

fn show(order: OrderDetail) -> AnyView {
    let id = order.id.to_string();
    let link = order.link();
    let goods = order.kind == OrderKind::Goods && order.is_own;
    view! {
        <Layout title=t(messages::CONFIRM_ORDER).to_owned() without_tabs=true>
            <div
                data-order=id.clone()
                data-state=order.state.as_str()
                data-link=link
                data-miniprogram=order.miniprogram_page.clone()
            >
                <h1 class="page-title">{t(messages::CONFIRM_ORDER)}</h1>
                {goods.then(|| view! { <DeliveryCell order=order.clone()/> })}
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                <section class="panel facts">
                    <p>{t(messages::ORDER_ID)} " " <span data-testid="order-id">{id.clone()}</span></p>
                    <p>{messages::pay_before(&shanghai(order.expires_ms))}</p>
                </section>
                <OrderStatusWatch>""</OrderStatusWatch>
                <PayForm order=order.id fee=order.total_fee/>
            </div>
        </Layout>
    }
    .into_any()
}

/// The delivery of the order, with a link to change it.
#[component]
fn DeliveryCell(order: OrderDetail) -> impl IntoView {
    let pickup = expect_context::<Shop>().settings().pickup.clone();
    let delivery = order.delivery;
    let note = delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let to = delivery.filter(|delivery| !delivery.address.is_empty());
    view! {
        <a class="panel delivery" href=format!("/orders/{}/delivery", order.id)>
            <span class="delivery-text">
                {match to {
                    Some(to) => view! {
                        <strong>{to.name} " " {to.phone}</strong>
                        <span class="muted">{to.address}</span>
                    }
                        .into_any(),
                    None => match pickup {
                        Some(place) => view! {
                            <strong>{t(messages::PICKUP)}</strong>
                            <span class="muted">{place}</span>
                        }
                            .into_any(),
                        None => view! { <strong>{t(messages::ADD_ADDRESS)}</strong> }.into_any(),
                    },
                }}
                {note.map(|note| view! { <span class="muted">{messages::labelled(messages::NOTE_TO_SHOP, &note)}</span> })}
            </span>
            <span class="more-arrow">{t(messages::ADDRESS_AND_NOTE)} " ›"</span>
        </a>
    }
}
