use leptos::prelude::*;
use shop::{OrderDetail, Shop, ShopError};

use super::{PageStyle, order::order_page, time::shanghai};
use crate::{
    components::{Layout, OrderSummary, Price},
    messages::{self, t},
};

/// The receipt of a paid order, for printing.
#[component]
pub(super) fn ReceiptPage() -> impl IntoView {
    order_page(|order| {
        if order.is_own && order.state.was_paid() { Ok(show(order)) } else { Err(ShopError::NotFound) }
    })
}

fn show(order: OrderDetail) -> AnyView {
    let shop = expect_context::<Shop>().settings().name.clone();
    let (refunded, price) = (order.refunded, order.price());
    view! {
        <Layout title=t(messages::RECEIPT).to_owned() tab="/orders" styles=&[PageStyle::Order]>
            <article class="receipt">
                <h1 class="page-title">{shop} " · " {t(messages::RECEIPT)}</h1>
                <section class="panel facts">
                    <p>{t(messages::ORDER_ID)} " " {order.id.to_string()}</p>
                    {order.transaction_id.map(|id| view! { <p>{t(messages::TRANSACTION_ID)} " " {id.to_string()}</p> })}
                    {order.paid_ms.map(|ms| view! { <p>{t(messages::PAID_AT)} " " {shanghai(ms)}</p> })}
                </section>
                <section class="panel">
                    <OrderSummary kind=order.kind lines=order.lines price/>
                </section>
                {(refunded.0 > 0)
                    .then(|| {
                        view! {
                            <section class="panel cell">
                                <span>{t(messages::REFUNDED)}</span>
                                <Price fen=refunded/>
                            </section>
                        }
                    })}
            </article>
            <p class="more"><a href=format!("/orders/{}", order.id)>{t(messages::BACK_TO_ORDER)}</a></p>
        </Layout>
    }
    .into_any()
}
