use leptos::prelude::*;
use model::{Fen, order::OrderKind};
use shop::PriceBreakdown;

use super::Price;
use crate::messages::{self, t};

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

/// The lines of an order and its price. It lists the parts of the price only if there are several.
#[component]
pub(crate) fn OrderSummary(
    kind: OrderKind,
    lines: Vec<shop::OrderLine>,
    price: PriceBreakdown,
) -> impl IntoView {
    let (total, to_pay) = (price.total(), price.to_pay());
    let PriceBreakdown { goods, freight, reduction, balance, .. } = price;
    let row = |label, sign: &'static str, fen: Fen| {
        view! { <div class="cell total"><span>{t(label)}</span><span>{sign}<Price fen/></span></div> }
    };
    view! {
        {(kind == OrderKind::TopUp).then(|| view! { <p>{t(messages::TOP_UP)}</p> })}
        {lines.into_iter().map(|line| view! { <OrderLine line/> }).collect_view()}
        {(goods != total).then(|| row(messages::GOODS_TOTAL, "", goods))}
        {(freight > Fen::ZERO).then(|| row(messages::DELIVERY_FEE, "", freight))}
        {(reduction > Fen::ZERO).then(|| row(messages::REDUCTION, "−", reduction))}
        <div class="cell total">
            <span>{t(messages::TOTAL)}</span>
            <Price fen=total/>
        </div>
        {(balance > Fen::ZERO).then(|| row(messages::FROM_BALANCE, "−", balance))}
        {(balance > Fen::ZERO && to_pay > Fen::ZERO).then(|| row(messages::BY_WECHAT_PAY, "", to_pay))}
    }
}
