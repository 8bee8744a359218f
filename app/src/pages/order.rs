use leptos::prelude::*;
use model::{
    OrderId, Said, Shopper,
    order::{OrderKind, OrderState},
};
use shop::{OrderDetail, Orders, Shop, ShopError};

use super::{params::order_id, suspended_page::SuspendedPage, time::shanghai, timeline::Timeline};
use crate::{
    Visitor,
    components::{HelpPanel, Layout, OrderSummary, PayForm},
    islands::OrderStatusWatch,
    messages::{self, t},
    raw_text::TextArea,
};

/// The visitor as a shopper. In WeChat a visitor without a session logs in; elsewhere they get 404.
fn require_shopper(visitor: &Visitor) -> Result<&Shopper, ShopError> {
    if visitor.in_wechat { visitor.shopper() } else { visitor.session.as_ref().ok_or(ShopError::NotFound) }
}

/// An order that the visitor may see.
pub(super) async fn visible_order(
    orders: &Orders,
    visitor: &Visitor,
    id: &OrderId,
) -> Result<OrderDetail, ShopError> {
    orders.order(require_shopper(visitor)?, id).await
}

/// A page about the order in the URL.
pub(super) fn order_page(
    show: impl FnOnce(OrderDetail) -> Result<AnyView, ShopError> + Send + 'static,
) -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! { <SuspendedPage load=async move { show(visible_order(shop.orders(), &visitor, &id?).await?) }/> }
}

/// Redirects to the order's own page, which shows its state.
pub(super) fn redirect_to_order(id: &OrderId) -> AnyView {
    leptos_axum::redirect(&format!("/orders/{id}"));
    ().into_any()
}

/// An order: its state, its history, its lines, and what the shopper can do with it.
#[component]
pub(super) fn OrderPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let id = id?;
            // without WebAssembly no island causes a query, so the page does
            Ok(show(shop.payments().order_after_query(require_shopper(&visitor)?, &id).await?))
        }/>
    }
}

fn show(order: OrderDetail) -> AnyView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    let link = order.link();
    let timeline = order.clone();
    let actions = order.clone();
    let delivery = order.clone();
    let explanation = t(explanation(&order));
    view! {
        <Layout title=t(messages::ORDER).to_owned() without_tabs=payable>
            <div
                data-order=id.clone()
                data-state=order.state.as_str()
                data-link=link.clone()
                data-miniprogram=order.miniprogram_page
            >
                <section class=format!("panel state {}", order.state)>
                    <h1>{t(messages::state(order.state, order.standing))}</h1>
                    <p>{explanation}</p>
                    <OrderStatusWatch>{t(messages::CHECKING_PAYMENT)}</OrderStatusWatch>
                </section>
                <Timeline order=timeline/>
                <DeliverySection order=delivery/>
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                <section class="panel facts">
                    <p>{t(messages::ORDER_ID)} " " <span data-testid="order-id">{id.clone()}</span></p>
                    {payable.then(|| view! { <p>{t(messages::PAY_UNTIL)} " " {shanghai(order.expires_ms)}</p> })}
                </section>
                {order.is_own.then(|| view! { <Actions order=actions/> })}
                <HelpPanel/>
                {payable
                    .then(|| {
                        view! {
                            <PayForm order=order.id fee=order.total_fee>
                                <a class="button" href="/orders">{t(messages::MY_ORDERS)}</a>
                            </PayForm>
                        }
                    })}
            </div>
        </Layout>
    }
    .into_any()
}

/// Where the goods go: the address, or the place where the shopper collects them; and the shopper's note.
#[component]
fn DeliverySection(order: OrderDetail) -> impl IntoView {
    let is_pickup = order.is_pickup();
    let place = expect_context::<Shop>().settings().pickup.clone();
    let note = order.delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let to = order.delivery.filter(|delivery| !delivery.address.is_empty());
    (is_pickup || to.is_some()).then(|| {
        view! {
            <section class="panel facts">
                {to.map(|to| view! { <p>{to.name} " " {to.phone}</p> <p>{to.address}</p> })}
                {is_pickup.then(|| view! { <p>{t(messages::PICKUP)}</p> <p>{place}</p> })}
                {note.map(|note| view! { <p>{messages::labelled(messages::NOTE_TO_SHOP, &note)}</p> })}
            </section>
        }
    })
}

/// The sentence below the state of an order.
fn explanation(order: &OrderDetail) -> Said {
    let has_open_application =
        order.refund_application.as_ref().is_some_and(|request| request.state.is_waiting());
    let may_ship = order.standing.may_ship();
    match order.state {
        OrderState::Paid | OrderState::PartlyRefunded if may_ship && has_open_application => {
            messages::REFUND_REQUESTED
        }
        OrderState::Paid if may_ship && order.shipment.is_some() => messages::SHIPPED_HINT,
        OrderState::Paid if may_ship && order.is_pickup() => messages::PICKUP_HINT,
        state => messages::explanation(order.kind, state, order.standing),
    }
}

/// The actions of an order, other than the payment.
#[component]
fn Actions(order: OrderDetail) -> impl IntoView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    let share_url = order.link().map(|path| {
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
        {payable.then_some(share_url)}
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
        {payable
            .then(|| {
                view! {
                    <details class="panel">
                        <summary>{t(messages::CANCEL_ORDER)}</summary>
                        <form method="post" action=format!("/orders/{id}/cancel")>
                            <p class="muted">{t(messages::CANCEL_HINT)}</p>
                            <button class="button wide">{t(messages::CANCEL_FOR_SURE)}</button>
                        </form>
                    </details>
                }
            })}
        <div class="actions">
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
