use leptos::prelude::*;
use model::order::OrderKind;
use shop::{Fulfilment, OrderDetail, Shop};

use super::{
    PageStyle,
    order::{order_page, redirect_to_order},
    time::shanghai,
};
use crate::{
    components::{Icon, IconView, Layout, OrderSummary, PayForm},
    islands::OrderStatusWatch,
    messages::{self, t},
};

/// The payment of a placed order: its address, its lines, its total and the button that pays. The button appears after
/// the shopper has chosen the delivery.
#[component]
pub(super) fn ConfirmPage() -> impl IntoView {
    // the shopper may return to this page after the payment
    order_page(|order| Ok(if order.state.is_payable() { show(order) } else { redirect_to_order(&order.id) }))
}

fn show(order: OrderDetail) -> AnyView {
    let (id, own_id) = (order.id.to_string(), order.id.to_string());
    let (link, price) = (order.link(), order.price());
    let goods = order.kind == OrderKind::Goods && order.is_own;
    let (is_ready, to_pay) = (order.is_ready_to_pay(), price.to_pay());
    view! {
        <Layout title=t(messages::CONFIRM_ORDER).to_owned() without_tabs=true styles=&[PageStyle::Form]>
            <div
                data-order=id.clone()
                data-state=order.state.as_str()
                data-link=link
                data-miniprogram=order.miniprogram_page.clone()
            >
                <h1 class="page-title">{t(messages::CONFIRM_ORDER)}</h1>
                {goods.then(|| view! { <DeliveryCell order=order.clone()/> })}
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines price/>
                </section>
                <section class="panel facts">
                    <p>{t(messages::ORDER_ID)} " " <span data-testid="order-id">{id.clone()}</span></p>
                    <p>{messages::pay_before(&shanghai(order.expires_ms))}</p>
                </section>
                <OrderStatusWatch>""</OrderStatusWatch>
                {if is_ready {
                    view! { <PayForm order=order.id fee=to_pay/> }.into_any()
                } else {
                    view! { <ChooseFirst order=own_id is_own=order.is_own/> }.into_any()
                }}
            </div>
        </Layout>
    }
    .into_any()
}

/// The link that stands in place of the payment button until the shopper has chosen the delivery.
#[component]
pub(super) fn ChooseFirst(order: String, is_own: bool) -> impl IntoView {
    view! {
        <div class="bottom">
            {if is_own {
                view! {
                    <a class="button primary" href=format!("/orders/{order}/delivery")>{t(messages::FILL_IN_DELIVERY)}</a>
                }
                    .into_any()
            } else {
                view! { <p class="muted">{t(messages::OWNER_CHOOSES)}</p> }.into_any()
            }}
        </div>
    }
}

/// The delivery of the order, with a link to change it.
#[component]
fn DeliveryCell(order: OrderDetail) -> impl IntoView {
    let place = expect_context::<Shop>().settings().pickup.clone().map(messages::pickup_place);
    let note = order.delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let icon = if order.fulfilment == Fulfilment::Pickup { Icon::Store } else { Icon::Pin };
    view! {
        <a class="panel delivery" href=format!("/orders/{}/delivery", order.id)>
            <IconView icon/>
            <span class="delivery-text">
                {match order.delivery {
                    Some(to) if to.is_pickup() => view! {
                        <strong>{t(messages::PICKUP)} " " {to.name} " " {to.phone}</strong>
                        <span class="muted">{place}</span>
                    }
                        .into_any(),
                    Some(to) => view! {
                        <strong>{to.name} " " {to.phone}</strong>
                        <span class="muted">{to.address}</span>
                    }
                        .into_any(),
                    None => view! { <strong>{t(messages::NOT_CHOSEN)}</strong> }.into_any(),
                }}
                {note.map(|note| view! { <span class="muted">{messages::labelled(messages::NOTE_TO_SHOP, &note)}</span> })}
            </span>
            <IconView icon=Icon::Chevron/>
        </a>
    }
}
