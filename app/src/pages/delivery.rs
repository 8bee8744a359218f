use leptos::prelude::*;
use shop::{OrderDetail, Shop};

use super::{
    PageStyle,
    delivery_costs::DeliveryCosts,
    delivery_fields::{DeliveryFields, Known, NoteField},
    order::{redirect_to_order, visible_order},
    params::order_id,
    suspended_page::SuspendedPage,
};
use crate::{
    Visitor,
    components::Layout,
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The page on which a shopper changes the delivery of an unpaid order.
#[component]
pub(super) fn DeliveryPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let order = visible_order(shop.orders(), &visitor, &id?).await?;
            if !(order.is_own && order.state.is_payable()) {
                return Ok(redirect_to_order(&order.id));
            }
            let known = Known::of(&shop, visitor.session.as_ref()).await?;
            let costs = DeliveryCosts::of(&shop, &order.priced_lines(), &known.addresses);
            Ok(show(order, known, costs))
        }/>
    }
}

fn show(order: OrderDetail, known: Known, costs: DeliveryCosts) -> AnyView {
    let note = order.delivery.as_ref().map(|delivery| delivery.note.clone()).unwrap_or_default();
    view! {
        <Layout title=t(messages::DELIVERY).to_owned() without_tabs=true styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::DELIVERY)}</h1>
            <form class="delivery-form" method="post" action=format!("/orders/{}/delivery", order.id)>
                <DeliveryFields known costs chosen=order.delivery/>
                <NoteField note/>
                <div class="bottom">
                    <a class="button" href=format!("/orders/{}/confirm", order.id)>{t(messages::BACK)}</a>
                    <button class="button primary">{t(messages::SAVE)}</button>
                </div>
                <InlineScript script=Script::DeliveryForm/>
            </form>
        </Layout>
    }
    .into_any()
}
