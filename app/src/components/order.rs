use leptos::prelude::*;
use model::{
    Fen,
    order::{OrderKind, OrderState},
};

use super::Price;

/// What a shopper reads of a state.
pub(crate) const fn state_word(state: OrderState) -> &'static str {
    match state {
        OrderState::Created | OrderState::Paying => "待付款",
        OrderState::Closing => "正在关闭",
        OrderState::Closed => "已关闭",
        OrderState::Paid => "已支付",
        OrderState::PartlyRefunded => "部分退款",
        OrderState::Refunded => "已退款",
    }
}

/// One line of an order.
#[component]
pub(crate) fn OrderLine(line: shop::OrderLine) -> impl IntoView {
    view! {
        <div class="line">
            <img src=line.picture alt="" width="64" height="64"/>
            <div class="line-text">
                <p>{line.name}</p>
                <p class="muted">{line.spec}</p>
            </div>
            <div class="line-fee">
                <Price fen=line.price/>
                <p class="muted">"×" {line.quantity.to_string()}</p>
            </div>
        </div>
    }
}

/// The lines of an order, and what they cost together.
#[component]
pub(crate) fn OrderBill(kind: OrderKind, lines: Vec<shop::OrderLine>, total: Fen) -> impl IntoView {
    view! {
        {(kind == OrderKind::TopUp).then_some(view! { <p>"余额充值"</p> })}
        {lines.into_iter().map(|line| view! { <OrderLine line/> }).collect_view()}
        <div class="cell total">
            <span>"合计"</span>
            <Price fen=total/>
        </div>
    }
}
