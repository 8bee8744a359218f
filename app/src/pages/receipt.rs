use leptos::prelude::*;
use shop::{OrderDetail, Shop, ShopError};

use super::{message::failed, order::about_order, time::shanghai};
use crate::{
    components::{Frame, OrderBill, Price},
    words::{self, say},
};

/// What was paid, to keep or to print.
#[component]
pub(super) fn ReceiptPage() -> impl IntoView {
    about_order(|order| {
        if order.is_own && order.state.was_paid() { show(order) } else { failed(&ShopError::NotFound) }
    })
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
