use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Said, Shopper,
    order::{OrderKind, OrderState},
};
use shop::{OrderDetail, Shop, ShopError};

use super::{message::failed, time::shanghai, timeline::Timeline};
use crate::{
    Visitor,
    components::{Layout, OrderSummary, Pay},
    islands::OrderStatusWatch,
    messages::{self, t},
    raw_text::TextArea,
};

/// Who asks. Outside WeChat there is no login to go to: nobody has no orders.
fn asking(visitor: &Visitor) -> Result<&Shopper, ShopError> {
    if visitor.in_wechat { visitor.shopper() } else { visitor.session.as_ref().ok_or(ShopError::NotFound) }
}

/// The order that an address names, if it is the visitor's.
pub(super) async fn own_order(shop: Shop, visitor: Visitor, id: String) -> Result<OrderDetail, ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    shop.order(asking(&visitor)?, &id).await
}

async fn order_now(shop: Shop, visitor: Visitor, id: String) -> Result<OrderDetail, ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    shop.order_now(asking(&visitor)?, &id).await
}

/// A page about the order that the address names, or the reason why there is none.
pub(super) fn about_order(show: impl FnOnce(OrderDetail) -> AnyView + Send + 'static) -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match own_order(shop, visitor, id).await {
                    Ok(order) => show(order),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

/// Leads to the order's own page, which says how it stands.
pub(super) fn lead_to_order(id: impl std::fmt::Display) -> AnyView {
    leptos_axum::redirect(&format!("/orders/{id}"));
    ().into_any()
}

#[component]
pub(super) fn OrderPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                // without WebAssembly the page itself has to be the one that asks
                match order_now(shop, visitor, id).await {
                    Ok(order) => show(order),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

fn show(order: OrderDetail) -> AnyView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    let link = order.link();
    let timeline = order.clone();
    let actions = order.clone();
    let to = order.delivery.clone();
    let said = t(explanation(&order));
    view! {
        <Layout title=t(messages::ORDER).to_owned() bare=payable>
            <div
                data-order=id.clone()
                data-state=order.state.as_str()
                data-link=link.clone()
                data-miniprogram=order.miniprogram_page
            >
                <section class=format!("panel state {}", order.state)>
                    <h1>{t(messages::state(order.state, order.standing))}</h1>
                    <p>{said}</p>
                    <span class="muted" data-hint="order" hidden>{t(messages::CHECKING_PAYMENT)}</span>
                    <OrderStatusWatch/>
                </section>
                <Timeline order=timeline/>
                {to.map(|to| {
                    view! {
                        <section class="panel facts">
                            {if to.address.is_empty() {
                                view! { <p>{t(messages::PICKUP)}</p> }.into_any()
                            } else {
                                view! { <p>{to.name} " " {to.phone}</p> <p>{to.address}</p> }.into_any()
                            }}
                            {(!to.note.is_empty())
                                .then(|| view! { <p>{t(messages::NOTE_TO_SHOP)} ": " {to.note}</p> })}
                        </section>
                    }
                })}
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                <section class="panel facts">
                    <p>{t(messages::ORDER_ID)} " " <span data-testid="order-id">{id.clone()}</span></p>
                    {payable.then(|| view! { <p>{t(messages::PAY_UNTIL)} " " {shanghai(order.expires_ms)}</p> })}
                </section>
                {order.is_own.then(|| view! { <Actions order=actions/> })}
                {payable
                    .then(|| {
                        view! {
                            <form class="bottom" method="post" action=format!("/orders/{id}/pay")>
                                <a class="button" href="/orders">{t(messages::MY_ORDERS)}</a>
                                <Pay fee=order.total_fee/>
                            </form>
                        }
                    })}
            </div>
        </Layout>
    }
    .into_any()
}

/// What a shopper is told about where an order stands.
fn explanation(order: &OrderDetail) -> Said {
    let asked = order.refund_request.as_ref().is_some_and(|asked| asked.state.is_waiting());
    let kept = order.standing.may_ship();
    match order.state {
        OrderState::Paid | OrderState::PartlyRefunded if kept && asked => messages::REFUND_REQUESTED,
        OrderState::Paid if kept && order.shipment.is_some() => messages::SHIPPED_HINT,
        state => messages::explanation(order.kind, state, order.standing),
    }
}

/// What the shopper may do with an order beside paying it.
#[component]
fn Actions(order: OrderDetail) -> impl IntoView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    let address = order.link().map(|path| {
        let url = expect_context::<Shop>().settings().public_url.clone() + &path;
        view! {
            <details class="panel">
                <summary>{t(messages::PAY_ELSEWHERE)}</summary>
                <label class="field">
                    <span>{t(messages::PAY_ELSEWHERE_HINT)}</span>
                    <input class="address-text" readonly value=url/>
                </label>
            </details>
        }
    });
    view! {
        {payable.then_some(address)}
        {order
            .may_ask_for_refund()
            .then(|| {
                view! {
                    <details class="panel">
                        <summary>{t(messages::REQUEST_REFUND)}</summary>
                        <form method="post" action=format!("/orders/{id}/refund-request")>
                            <label class="field">
                                <span>{t(messages::REFUND_REASON_HINT)}</span>
                                <TextArea name="reason" rows=3 maxlength=80 required=true/>
                            </label>
                            <button class="button wide">{t(messages::REQUEST_REFUND)}</button>
                        </form>
                    </details>
                }
            })}
        <div class="actions">
            {payable
                .then(|| {
                    view! {
                        <form method="post" action=format!("/orders/{id}/cancel")>
                            <button class="link">{t(messages::CANCEL_ORDER)}</button>
                        </form>
                    }
                })}
            {(order.kind == OrderKind::Goods)
                .then(|| {
                    view! {
                        <form method="post" action=format!("/orders/{id}/again")>
                            <button class="link">{t(messages::ORDER_AGAIN)}</button>
                        </form>
                    }
                })}
            {order.state.was_paid().then(|| view! { <a class="link" href=format!("/orders/{id}/receipt")>{t(messages::RECEIPT)}</a> })}
        </div>
    }
}
