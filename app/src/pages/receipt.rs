use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{OrderDetail, Shop, ShopError};

use super::{message::failed, order::own_order, time::shanghai};
use crate::{
    Visitor,
    components::{Frame, OrderBill, Price},
    words::{self, say},
};

/// What was paid, to keep or to print.
#[component]
pub(super) fn ReceiptPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match own_order(shop, visitor, id).await {
                    Ok(order) if order.is_own && order.state.was_paid() => show(order),
                    Ok(_) => failed(&ShopError::NotFound),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

fn show(order: OrderDetail) -> AnyView {
    let shop = expect_context::<Shop>().settings().name.clone();
    let refunded = order.refunded();
    view! {
        <Frame title=say(words::RECEIPT).to_owned() tab="/orders">
            <article class="receipt">
                <h1 class="page-title">{shop} " · " {say(words::RECEIPT)}</h1>
                <section class="panel facts">
                    <p>{say(words::ORDER_ID)} " " {order.id.to_string()}</p>
                    {order.transaction_id.map(|id| view! { <p>{say(words::TRANSACTION_ID)} " " {id.to_string()}</p> })}
                    {order.paid_ms.map(|ms| view! { <p>{say(words::PAID_AT)} " " {shanghai(ms)}</p> })}
                </section>
                <section class="panel">
                    <OrderBill kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                {(refunded.0 > 0)
                    .then(|| {
                        view! {
                            <section class="panel cell">
                                <span>{say(words::REFUNDED)}</span>
                                <Price fen=refunded/>
                            </section>
                        }
                    })}
            </article>
            <p class="more"><a href=format!("/orders/{}", order.id)>{say(words::BACK_TO_ORDER)}</a></p>
        </Frame>
    }
    .into_any()
}
