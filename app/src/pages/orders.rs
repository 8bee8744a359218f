use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    OrderId,
    order::{DeliveryProgress, OrderKind, OrderTab, TabCounts},
};
use shop::{OrderDetail, Shop};

use super::{PageStyle, suspended_page::SuspendedPage, time::shanghai};
use crate::{
    Visitor,
    components::{ConfirmReceipt, EmptyState, Icon, Layout, OrderLine, Price, ProgressTags},
    messages::{self, t},
};

/// The largest number of lines on the card of an order.
const LINES_ON_CARD: usize = 3;

/// The shopper's orders, newest first: all of them, or those of one state.
#[component]
pub(super) fn OrdersPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let query = use_query_map().get_untracked();
    let before = query.get("before").and_then(|text| text.parse::<OrderId>().ok());
    let tab = OrderTab::of_word(&query.get("tab").unwrap_or_default());
    view! {
        <SuspendedPage load=async move {
            // outside WeChat a session starts with the first order or the first product in the cart
            let (orders, counts) = match visitor.session {
                Some(shopper) => (
                    shop.orders().my_orders(&shopper, tab, before.as_ref()).await?,
                    shop.orders().tab_counts(&shopper).await?,
                ),
                None => (Vec::new(), TabCounts::default()),
            };
            Ok(show(orders, tab, counts, before.is_some()))
        }/>
    }
}

fn show(orders: Vec<OrderDetail>, tab: OrderTab, counts: TabCounts, older: bool) -> AnyView {
    let next = orders.last().filter(|_| orders.len() == shop::ORDERS_PAGE).map(|order| order.id.clone());
    let is_empty = orders.is_empty();
    let nothing = match tab {
        _ if older => messages::NO_EARLIER_ORDERS,
        OrderTab::All => messages::NO_ORDERS,
        OrderTab::ToPay | OrderTab::ToShip | OrderTab::Shipped | OrderTab::Refund => {
            messages::ORDERS_OF_TAB_EMPTY
        }
    };
    view! {
        <Layout title=t(messages::MY_ORDERS).to_owned() tab="/orders" styles=&[PageStyle::Order]>
            <h1 class="page-title">{t(messages::MY_ORDERS)}</h1>
            <nav class="order-tabs" aria-label=t(messages::MY_ORDERS)>
                {OrderTab::ALL
                    .map(|each| {
                        let href = if each == OrderTab::All {
                            "/orders".to_owned()
                        } else {
                            format!("/orders?tab={}", each.as_str())
                        };
                        let count = counts.of(each).filter(|count| *count > 0);
                        view! {
                            <a href=href aria-current=(each == tab).then_some("page")>
                                {t(messages::tab(each))}
                                {count.map(|count| view! { <span class="count-badge">{count}</span> })}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            {is_empty
                .then(|| {
                    view! {
                        <EmptyState icon=Icon::Orders text=t(nothing)>
                            <a class="button" href="/">{t(messages::BROWSE)}</a>
                        </EmptyState>
                    }
                })}
            {orders.into_iter().map(|order| view! { <Card order/> }).collect_view()}
            {next
                .map(|id| {
                    let href = format!("/orders?tab={}&before={id}", tab.as_str());
                    view! { <a class="more" href=href>{t(messages::EARLIER_ORDERS)}</a> }
                })}
        </Layout>
    }
    .into_any()
}

/// An order in the list, with its most important actions.
#[component]
fn Card(order: OrderDetail) -> impl IntoView {
    let page = format!("/orders/{}", order.id);
    let progress = order.progress();
    let (is_payable, is_goods) = (order.state.is_payable(), order.kind == OrderKind::Goods);
    let has_parcel = matches!(progress.delivery, DeliveryProgress::Shipped | DeliveryProgress::Received);
    let may_confirm = order.may_confirm_receipt();
    let pieces = order.lines.iter().map(|line| line.quantity.get()).sum();
    let rest = order.lines.len().saturating_sub(LINES_ON_CARD);
    let again = (is_goods && !is_payable).then(|| {
        view! {
            <form method="post" action=format!("{page}/again")>
                <button class="button small">{t(messages::ORDER_AGAIN)}</button>
            </form>
        }
    });
    view! {
        <article class="panel order">
            <a href=page.clone()>
                <div class="cell">
                    <span class="muted">{shanghai(order.created_ms)}</span>
                    <ProgressTags progress/>
                </div>
                {(!is_goods).then(|| view! { <p>{t(messages::TOP_UP)}</p> })}
                {order.lines.into_iter().take(LINES_ON_CARD).map(|line| view! { <OrderLine line/> }).collect_view()}
                {(rest > 0).then(|| view! { <p class="muted">"…"</p> })}
                <p class="sum">
                    {is_goods.then(|| view! { <span class="muted">{messages::pieces(pieces)}</span> })}
                    " " {t(messages::TOTAL)} " " <Price fen=order.total_fee/>
                </p>
            </a>
            <div class="card-actions">
                {has_parcel
                    .then(|| view! { <a class="button small" href=format!("{page}/parcels")>{t(messages::LOOK_AT_PARCEL)}</a> })}
                {may_confirm.then(|| view! { <ConfirmReceipt page=page.clone() small=true/> })}
                {again}
                {is_payable
                    .then(|| view! { <a class="button small primary" href=format!("{page}/confirm")>{t(messages::GO_TO_PAY)}</a> })}
            </div>
        </article>
    }
}
