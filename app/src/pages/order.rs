use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::order::{OrderKind, OrderState};
use shop::{OrderDetail, Shop, ShopError};

use super::{message::failed, time::shanghai};
use crate::{
    Visitor,
    components::{Frame, OrderBill, Price, state_word},
    islands::{OrderStatusWatch, PayButton},
};

/// The order that the address names, if it is the shopper's own.
pub(super) async fn own_order(shop: Shop, visitor: Visitor, id: String) -> Result<OrderDetail, ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    shop.order(visitor.shopper()?, &id).await
}

async fn order_now(shop: Shop, visitor: Visitor, id: String) -> Result<OrderDetail, ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    shop.order_now(visitor.shopper()?, &id).await
}

#[component]
pub(super) fn OrderPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                // without WebAssembly the page itself has to be the one that asks
                match order_now(shop, visitor, id).await {
                    Ok(order) => show(order),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

const fn explanation(kind: OrderKind, state: OrderState) -> &'static str {
    match state {
        OrderState::Created | OrderState::Paying => "请在时限内完成支付",
        OrderState::Closing => "正在向微信确认，请稍候",
        OrderState::Closed => "订单没有支付，已经关闭",
        OrderState::PartlyRefunded => "部分款项已原路退回",
        OrderState::Refunded => "全部款项已原路退回",
        OrderState::Paid => match kind {
            OrderKind::Goods => "我们会尽快为您发货",
            OrderKind::TopUp => "已充入您的余额",
        },
    }
}

fn show(order: OrderDetail) -> AnyView {
    let id = order.id.to_string();
    let payable = order.state.is_payable();
    view! {
        <Frame title="订单详情".to_owned() bare=payable>
            <div data-order=id.clone() data-state=order.state.as_str() data-miniprogram=order.miniprogram_page>
                <section class=format!("panel state {}", order.state)>
                    <h1>{state_word(order.state)}</h1>
                    <p>{explanation(order.kind, order.state)}</p>
                    <OrderStatusWatch>
                        <span class="muted">"正在查询支付结果…"</span>
                    </OrderStatusWatch>
                </section>
                <section class="panel">
                    <OrderBill kind=order.kind lines=order.lines total=order.total_fee/>
                </section>
                <section class="panel facts">
                    <p>"订单编号 " <span data-testid="order-id">{id.clone()}</span></p>
                    <p>"下单时间 " {shanghai(order.created_ms)}</p>
                    {order.paid_ms.map(|ms| view! { <p>"支付时间 " {shanghai(ms)}</p> })}
                    {payable.then(|| view! { <p>"支付时限 " {shanghai(order.expires_ms)}</p> })}
                </section>
                {payable
                    .then(|| {
                        view! {
                            <form method="post" action=format!("/orders/{id}/cancel")>
                                <button class="link">"取消订单"</button>
                            </form>
                            <form class="bottom" method="post" action=format!("/orders/{id}/pay")>
                                <a class="button" href="/orders">"我的订单"</a>
                                <PayButton>"微信支付 " <Price fen=order.total_fee/></PayButton>
                            </form>
                        }
                    })}
            </div>
        </Frame>
    }
    .into_any()
}
