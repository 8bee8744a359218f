use leptos::prelude::*;
use shop::OrderDetail;

use super::{
    PageStyle,
    order::{order_page, redirect_to_order},
};
use crate::{
    components::Layout,
    islands::OrderStatusWatch,
    messages::{self, t},
};

/// The page to which WeChat's H5 cashier returns. The result is not known yet: the shopper taps whether they paid, and
/// the shop queries WeChat.
#[component]
pub(super) fn H5ReturnPage() -> impl IntoView {
    order_page(|order| Ok(if order.state.is_payable() { show(&order) } else { redirect_to_order(&order.id) }))
}

fn show(order: &OrderDetail) -> AnyView {
    let id = order.id.to_string();
    view! {
        <Layout title=t(messages::PAY).to_owned() without_tabs=true styles=&[PageStyle::Message]>
            <section class="message" data-order=id.clone() data-state="paying">
                <h1>{t(messages::PAYMENT_DONE)}</h1>
                <p>{t(messages::PAYMENT_DONE_HINT)}</p>
                <OrderStatusWatch>{t(messages::CHECKING_PAYMENT)}</OrderStatusWatch>
                <a class="button primary wide" href=format!("/orders/{id}")>{t(messages::HAVE_PAID)}</a>
                <form class="wide" method="post" action=format!("/orders/{id}/pay")>
                    <button class="button wide">{t(messages::PAY_AGAIN)}</button>
                </form>
            </section>
        </Layout>
    }
    .into_any()
}
