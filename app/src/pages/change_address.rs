use leptos::prelude::*;
use shop::{OrderDetail, Shop};

use super::{
    PageStyle,
    delivery_costs::DeliveryCosts,
    delivery_fields::{DeliveryFields, Known},
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

/// The address of a paid order that the shop has not sent.
#[component]
pub(super) fn ChangeAddressPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let order = visible_order(shop.orders(), &visitor, &id?).await?;
            if !order.may_change_address() {
                return Ok(redirect_to_order(&order.id));
            }
            let known = Known::of(&shop, visitor.session.as_ref()).await?;
            let costs = DeliveryCosts::of(&shop, &order.priced_lines(), &known.addresses);
            Ok(show(order, known, costs))
        }/>
    }
}

fn show(order: OrderDetail, known: Known, costs: DeliveryCosts) -> AnyView {
    let page = format!("/orders/{}", order.id);
    view! {
        <Layout title=t(messages::CHANGE_ADDRESS).to_owned() without_tabs=true styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::CHANGE_ADDRESS)}</h1>
            <form class="delivery-form" method="post" action=format!("/orders/{}/address", order.id)>
                <p class="panel muted">{t(messages::CHANGE_ADDRESS_HINT)}</p>
                <DeliveryFields known costs chosen=order.delivery without_pickup=true/>
                <div class="bottom">
                    <a class="button" href=page>{t(messages::BACK)}</a>
                    <button class="button primary">{t(messages::SAVE)}</button>
                </div>
                <InlineScript script=Script::DeliveryForm/>
            </form>
        </Layout>
    }
    .into_any()
}
