use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{OrderDetail, Shop};

use super::{message::failed, order::own_order, time::shanghai};
use crate::{
    Visitor,
    components::{Frame, OrderBill, Price},
    islands::{OrderStatusWatch, PayButton},
};

/// The order's confirmation: what is bought, what it costs, and the button that pays.
#[component]
pub(super) fn ConfirmPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match own_order(shop, visitor, id).await {
                    Ok(order) if order.state.is_payable() => show(order),
                    // the way back from a payment leads here: the order's page says how it stands
                    Ok(order) => {
                        leptos_axum::redirect(&format!("/orders/{}", order.id));
                        ().into_any()
                    }
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

fn show(order: OrderDetail) -> AnyView {
    let id = order.id.to_string();
    view! {
        <Frame title="确认订单".to_owned() bare=true>
            <div data-order=id.clone() data-state=order.state.as_str() data-miniprogram=order.miniprogram_page>
                <h1 class="page-title">"确认订单"</h1>
                <section class="panel">
                    <OrderBill kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                <section class="panel facts">
                    <p>"订单编号 " <span data-testid="order-id">{id.clone()}</span></p>
                    <p>"请在 " {shanghai(order.expires_ms)} " 前支付，过时订单会自动关闭"</p>
                </section>
                <OrderStatusWatch>""</OrderStatusWatch>
                <form class="bottom" method="post" action=format!("/orders/{id}/pay")>
                    <PayButton>"微信支付 " <Price fen=order.total_fee/></PayButton>
                </form>
            </div>
        </Frame>
    }
    .into_any()
}
