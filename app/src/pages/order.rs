use leptos::prelude::*;
use model::{
    LocalizedText, OrderId, Shopper,
    order::{DeliveryProgress, OrderKind, OrderState, PaymentProgress, RefundProgress},
};
use shop::{ConsentMoment, Fulfilment, OrderDetail, Orders, SheetOutcome, Shop, ShopError, ship_until_ms};

use super::{
    PageStyle, after_sale::path_of, ask_for_messages::AskForMessages, confirm::ChooseFirst,
    order_steps::OrderSteps, params::order_id, suspended_page::SuspendedPage, time::shanghai,
    timeline::Timeline,
};
use crate::{
    Visitor,
    components::{
        ConfirmReceipt, Done, HelpPanel, Icon, IconView, Layout, OrderSummary, PayForm, ProgressTags, Summary,
    },
    inline::Script,
    islands::OrderStatusWatch,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The shopper of the request. Without a session, a visitor in WeChat goes to the login; another visitor gets 404.
fn require_shopper(visitor: &Visitor) -> Result<&Shopper, ShopError> {
    if visitor.in_wechat { visitor.shopper() } else { visitor.session.as_ref().ok_or(ShopError::NotFound) }
}

/// Reads an order. An error if the visitor may not see it.
pub(super) async fn visible_order(
    orders: &Orders,
    visitor: &Visitor,
    id: &OrderId,
) -> Result<OrderDetail, ShopError> {
    orders.order(require_shopper(visitor)?, id).await
}

/// A page about the order in the URL, which the visitor must be allowed to see.
pub(super) fn order_page(
    show: impl FnOnce(OrderDetail) -> Result<AnyView, ShopError> + Send + 'static,
) -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! { <SuspendedPage load=async move { show(visible_order(shop.orders(), &visitor, &id?).await?) }/> }
}

/// Redirects to the order's page, which shows the state of the order.
pub(super) fn redirect_to_order(id: &OrderId) -> AnyView {
    leptos_axum::redirect(&format!("/orders/{id}"));
    ().into_any()
}

/// The order's page: its state, its history, its lines, and what the shopper can do.
#[component]
pub(super) fn OrderPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let id = id?;
            // without WebAssembly no island queries WeChat, so the page does
            Ok(show(shop.payments().order_after_query(require_shopper(&visitor)?, &id).await?))
        }/>
    }
}

fn show(order: OrderDetail) -> AnyView {
    let (id, own_id) = (order.id.to_string(), order.id.to_string());
    let payable = order.state.is_payable();
    let (link, price) = (order.link(), order.price());
    let to_pay = price.to_pay();
    let timeline = order.clone();
    let actions = order.clone();
    let delivery = order.clone();
    let after_sales = order.clone();
    let progress = order.progress();
    let (is_goods, is_pickup) = (
        order.kind == OrderKind::Goods,
        order.is_own && order.fulfilment.is_collected(order.shipment.as_ref()),
    );
    // without a delivery or a refund the header says the same as the tags
    let has_tags =
        progress.delivery != DeliveryProgress::Nothing || progress.refund != RefundProgress::Nothing;
    let has_steps = is_goods
        && progress.refund != RefundProgress::Fully
        && matches!(progress.payment, PaymentProgress::Awaiting | PaymentProgress::Paid);
    // ask only while the shop keeps the money: otherwise no messages follow
    let asks = is_goods && order.is_own && order.state.was_paid() && order.standing.may_ship();
    let explanation = if payable && order.fulfilment != Fulfilment::NotChosen {
        messages::pay_before(&shanghai(order.expires_ms))
    } else {
        t(explanation(&order)).to_owned()
    };
    let known = known(&order).map(t);
    // if the shopper has just closed the sheet, the page continues to ask, but without the hint
    let was_cancelled = order.reported == Some(SheetOutcome::Cancelled);
    view! {
        <Layout title=t(messages::ORDER).to_owned() without_tabs=payable styles=&[PageStyle::Order]>
            <div
                data-order=id.clone()
                data-state=order.state.as_str()
                data-link=link.clone()
                data-miniprogram=order.miniprogram_page
            >
                <Summary/>
                <Done/>
                <section class=format!("panel state {}", order.state)>
                    <span class="state-icon"><IconView icon=state_icon(&order)/></span>
                    <div>
                        <h1>
                            {t(title(&order))}
                        </h1>
                        <p>{explanation}</p>
                        {ships_before(&order).map(|sentence| view! { <p>{sentence}</p> })}
                        <div class="watch" class:quiet=was_cancelled>
                            <OrderStatusWatch>{t(messages::CHECKING_PAYMENT)}</OrderStatusWatch>
                            // the style sheet hides this while the page shows the hint above
                            {known.map(|sentence| view! { <p class="watch-end">{sentence}</p> })}
                        </div>
                    </div>
                </section>
                {(has_steps || has_tags)
                    .then(|| {
                        view! {
                            <section class="panel">
                                {has_steps.then(|| view! { <OrderSteps progress is_pickup/> })}
                                {has_tags.then(|| view! { <ProgressTags progress labelled=true/> })}
                            </section>
                        }
                    })}
                {asks.then(|| view! { <AskForMessages moment=ConsentMoment::Payment/> })}
                <Parcel order=delivery/>
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines price/>
                </section>
                <AfterSales order=after_sales/>
                <Timeline order=timeline/>
                <section class="panel facts">
                    <p>
                        {t(messages::ORDER_ID)} " " <span data-testid="order-id">{id.clone()}</span>
                        <CopyButton/>
                    </p>
                </section>
                {order.is_own.then(|| view! { <Actions order=actions/> })}
                <HelpPanel/>
                {payable
                    .then(|| {
                        if order.fulfilment == Fulfilment::NotChosen {
                            view! { <ChooseFirst order=own_id is_own=order.is_own/> }.into_any()
                        } else {
                            view! {
                                <PayForm order=order.id fee=to_pay>
                                    <a class="button" href="/orders">{t(messages::MY_ORDERS)}</a>
                                </PayForm>
                            }
                                .into_any()
                        }
                    })}
            </div>
            <InlineScript script=Script::OrderPage/>
        </Layout>
    }
    .into_any()
}

/// A button that copies the text before it. The script of the page shows the button.
#[component]
pub(super) fn CopyButton() -> impl IntoView {
    view! { <button class="link inline" type="button" hidden data-copied=t(messages::COPIED)>{t(messages::COPY)}</button> }
}

/// The title of an order: the state of its delivery after the shipment, otherwise the state of its payment.
fn title(order: &OrderDetail) -> LocalizedText {
    let keeps_money = order.standing.may_ship();
    match order.progress().delivery {
        _ if order.is_cancelled => messages::CANCELLED,
        DeliveryProgress::Shipped if keeps_money => messages::SHIPPED,
        DeliveryProgress::Received if keeps_money => messages::RECEIVED,
        DeliveryProgress::Collected if keeps_money => messages::COLLECTED,
        _ => messages::title(order.state, order.standing),
    }
}

/// The promise when the shop sends a paid order; `None` if the shop promises nothing.
fn ships_before(order: &OrderDetail) -> Option<String> {
    let until_ms = ship_until_ms(expect_context::<Shop>().settings().ship_within, order.paid_ms?)?;
    let is_waiting = order.progress().delivery == DeliveryProgress::ToShip;
    is_waiting.then(|| messages::ships_before(&shanghai(until_ms)))
}

/// The icon of an order's state.
fn state_icon(order: &OrderDetail) -> Icon {
    let progress = order.progress();
    match (progress.payment, progress.delivery) {
        (PaymentProgress::Awaiting, _) => Icon::Clock,
        (PaymentProgress::Cancelling | PaymentProgress::Closed, _) => Icon::Close,
        (PaymentProgress::Paid, DeliveryProgress::Shipped) => Icon::Truck,
        (PaymentProgress::Paid, DeliveryProgress::ToCollect | DeliveryProgress::Collected) => Icon::Store,
        (PaymentProgress::Paid, DeliveryProgress::ToShip) => Icon::Box,
        (PaymentProgress::Paid, DeliveryProgress::Received | DeliveryProgress::Nothing) => Icon::Check,
    }
}

/// The sentence about the sheet report of an unpaid order. The report proves nothing, and the sentence says so.
const fn known(order: &OrderDetail) -> Option<LocalizedText> {
    match (order.state, order.reported) {
        (OrderState::Created | OrderState::Paying, Some(SheetOutcome::Ok)) => Some(messages::SHEET_OK),
        (OrderState::Created | OrderState::Paying, Some(SheetOutcome::Cancelled)) => {
            Some(messages::SHEET_CANCELLED)
        }
        (OrderState::Created | OrderState::Paying, Some(SheetOutcome::Failed)) => {
            Some(messages::SHEET_FAILED)
        }
        (OrderState::Paying, None) => Some(messages::NOT_FOUND_YET),
        (OrderState::Created, None)
        | (
            OrderState::Closing
            | OrderState::Closed
            | OrderState::Paid
            | OrderState::PartlyRefunded
            | OrderState::Refunded,
            _,
        ) => None,
    }
}

/// Where the goods go: the parcels, the address or the place of pickup; and the shopper's note.
#[component]
fn Parcel(order: OrderDetail) -> impl IntoView {
    let place = expect_context::<Shop>().settings().pickup.clone().map(messages::pickup_place);
    let is_pickup = order.is_own && order.fulfilment.is_collected(order.shipment.as_ref());
    let confirm = order.may_confirm_receipt().then(|| format!("/orders/{}", order.id));
    let track = (order.is_own
        && order.shipment.as_ref().is_some_and(|shipment| !shipment.parcels.is_empty()))
    .then(|| format!("/orders/{}/parcels", order.id));
    // the console finds an order by these digits
    let code = (is_pickup && order.progress().delivery == DeliveryProgress::ToCollect)
        .then(|| order.id.as_str().chars().skip(order.id.as_str().len() - 4).collect::<String>());
    let change = order.may_change_address().then(|| format!("/orders/{}/address", order.id));
    let more = order.shipment.as_ref().is_some_and(|shipment| !shipment.is_complete);
    let parcels = order.shipment.map(|shipment| shipment.parcels).unwrap_or_default();
    let note = order.delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let to = order.delivery;
    (is_pickup || to.is_some()).then(|| {
        view! {
            <section class="panel parcel" id="parcel">
                {parcels
                    .into_iter()
                    .map(|parcel| {
                        view! {
                            <div class="parcel-row">
                                <IconView icon=Icon::Truck/>
                                <div class="delivery-text">
                                    <strong>{t(messages::PARCEL)} " " {parcel.carrier}</strong>
                                    <span class="muted">
                                        {t(messages::TRACKING_NUMBER)} " " <span class="copy">{parcel.tracking_no}</span>
                                        <CopyButton/>
                                    </span>
                                </div>
                            </div>
                        }
                    })
                    .collect_view()}
                {more.then(|| view! { <p class="muted">{t(messages::MORE_PARCELS)}</p> })}
                {track.map(|href| view! { <p><a href=href>{t(messages::LOOK_AT_PARCEL)}</a></p> })}
                {confirm
                    .map(|page| {
                        view! {
                            <ConfirmReceipt page/>
                            <p class="muted">{t(messages::CONFIRM_RECEIPT_HINT)}</p>
                        }
                    })}
                <div class="parcel-row">
                    <IconView icon=if is_pickup { Icon::Store } else { Icon::Pin }/>
                    <div class="delivery-text">
                        {match to {
                            Some(to) if !is_pickup => view! {
                                <strong>{to.name} " " {to.phone}</strong>
                                <span class="muted">{to.address}</span>
                                {change.map(|href| view! { <a href=href>{t(messages::CHANGE_ADDRESS)}</a> })}
                            }
                                .into_any(),
                            to => view! {
                                <strong>{t(messages::PICKUP)}</strong>
                                <span class="muted">{place.map(|place| messages::labelled(messages::COLLECT_AT, &place))}</span>
                                {code
                                    .map(|code| {
                                        view! {
                                            <span>{t(messages::PICKUP_CODE)} " " <strong class="pickup-code">{code}</strong></span>
                                            <span class="muted">{t(messages::PICKUP_CODE_HINT)}</span>
                                        }
                                    })}
                                {to
                                    .filter(|to| !to.name.is_empty())
                                    .map(|to| view! { <span class="muted">{t(messages::COLLECTOR)} " " {to.name} " " {to.phone}</span> })}
                            }
                                .into_any(),
                        }}
                        {note.map(|note| view! { <span class="muted">{messages::labelled(messages::NOTE_TO_SHOP, &note)}</span> })}
                    </div>
                </div>
            </section>
        }
    })
}

/// The sentence below the state of an order.
fn explanation(order: &OrderDetail) -> LocalizedText {
    let has_open_after_sale = order.wants_refund();
    match order.state {
        OrderState::Paid | OrderState::PartlyRefunded if order.standing.may_ship() && has_open_after_sale => {
            messages::REFUND_REQUESTED
        }
        OrderState::Created | OrderState::Paying if order.fulfilment == Fulfilment::NotChosen => {
            messages::NOT_CHOSEN
        }
        OrderState::Closed if order.is_cancelled => messages::CANCELLED_HINT,
        state => messages::explanation(order.kind, state, order.standing, order.progress().delivery),
    }
}

/// The after-sales of an order, and the link to the form of a new one.
#[component]
fn AfterSales(order: OrderDetail) -> impl IntoView {
    let (id, may_ask) = (order.id.to_string(), order.may_ask_for_after_sale());
    let cells: Vec<_> = order
        .after_sales
        .iter()
        .map(|asked| {
            let amount = asked.amount(order.refund_of(asked).map(|refund| refund.refund_fee));
            view! {
                <a class="cell" href=path_of(asked)>
                    <span>{t(messages::after_sale_kind(asked.kind))} " ¥" {amount.to_string()}</span>
                    <span class="muted">{t(messages::after_sale_state(asked.state))}</span>
                    <IconView icon=Icon::Chevron/>
                </a>
            }
        })
        .collect();
    (!cells.is_empty() || may_ask).then(|| {
        view! {
            <section class="panel after-sales">
                {cells}
                {may_ask
                    .then(|| {
                        view! {
                            <a class="cell" href=format!("/orders/{id}/after-sale")>
                                <span>{t(messages::ASK_FOR_AFTER_SALE)}</span>
                                <IconView icon=Icon::Chevron/>
                            </a>
                        }
                    })}
            </section>
        }
    })
}

/// The actions of an order, except the payment.
#[component]
fn Actions(order: OrderDetail) -> impl IntoView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    let invoice = match &order.invoice {
        Some(invoice) if invoice.issued_ms.is_some() => Some(messages::INVOICE_ISSUED),
        Some(_) => Some(messages::INVOICE_ASKED).filter(|_| order.may_ask_for_invoice()),
        None => Some(messages::ASK_FOR_INVOICE).filter(|_| order.may_ask_for_invoice()),
    };
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
            {invoice.map(|word| view! { <a class="link" href=format!("/orders/{id}/invoice")>{t(word)}</a> })}
            {order.state.was_paid().then(|| view! { <a class="link" href=format!("/orders/{id}/receipt")>{t(messages::RECEIPT)}</a> })}
        </div>
    }
}
