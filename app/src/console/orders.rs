use leptos::prelude::*;
use model::order::{OrderKind, OrderState};
use shop::{ListedOrder, OrderFilter, Right};

use super::{
    layout::{Head, page},
    messages::{kind_word, standing_word, state_word, time},
};

/// The filter as a query string, without the position of the page.
#[must_use]
pub fn query_of(filter: &OrderFilter) -> String {
    let mut query = String::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            query.push_str(if query.is_empty() { "?" } else { "&" });
            query.push_str(name);
            query.push('=');
            for byte in value.bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => query.push(char::from(byte)),
                    other => query.push_str(&format!("%{other:02X}")),
                }
            }
        }
    };
    add("q", filter.search.trim());
    add("state", filter.state.map_or("", OrderState::as_str));
    add("kind", filter.kind.map_or("", OrderKind::as_str));
    add("from", filter.from.as_deref().unwrap_or_default());
    add("to", filter.to.as_deref().unwrap_or_default());
    add("attention", if filter.attention { "1" } else { "" });
    query
}

/// The list of orders.
#[must_use]
pub fn orders_page(head: &Head<'_>, filter: &OrderFilter, orders: Vec<ListedOrder>, more: bool) -> String {
    let query = query_of(filter);
    let export = head.staff.role.may(Right::Export).then(|| {
        view! { <form method="post" action=format!("/console/orders.csv{query}")><button>"导出 CSV"</button></form> }
    });
    let join = if query.is_empty() { "?" } else { "&" };
    let next = orders.last().filter(|_| more).map(|order| {
        let href = format!("/console/orders{query}{join}before={}", order.id);
        view! { <a class="button" href=href rel="next">"下一页（更早的订单）"</a> }
    });
    let first = filter.before.as_ref().map(|_| {
        view! { <a class="button" href=format!("/console/orders{query}")>"回到第一页"</a> }
    });
    let empty = orders.is_empty().then(|| view! { <p class="empty">"没有符合条件的订单"</p> });
    let body = view! {
        {form(filter)}
        <div class="actions">{export}</div>
        {(!orders.is_empty()).then(|| table(orders))}
        {empty}
        <nav class="actions" aria-label="翻页">{first}{next}</nav>
    };
    page(head, "/console/orders", "订单", body)
}

fn form(filter: &OrderFilter) -> AnyView {
    let option = |value: &'static str, word: &'static str, chosen: bool| {
        view! { <option value=value selected=chosen>{word}</option> }
    };
    let states = OrderState::ALL
        .map(|state| option(state.as_str(), state_word(state), filter.state == Some(state)))
        .collect_view();
    let kinds = [OrderKind::Goods, OrderKind::TopUp]
        .map(|kind| option(kind.as_str(), kind_word(kind), filter.kind == Some(kind)))
        .collect_view();
    view! {
        <form class="filter panel" method="get" action="/console/orders" role="search">
            <label class="wide">
                "搜索"
                <input type="search" name="q" value=filter.search.clone() placeholder="订单编号、商户订单号、微信支付单号、电话或姓名" maxlength="64"/>
            </label>
            <label>"状态" <select name="state"><option value="">"全部"</option>{states}</select></label>
            <label>"类型" <select name="kind"><option value="">"全部"</option>{kinds}</select></label>
            <label>"从" <input type="date" name="from" value=filter.from.clone().unwrap_or_default()/></label>
            <label>"到" <input type="date" name="to" value=filter.to.clone().unwrap_or_default()/></label>
            <label class="check">
                <input type="checkbox" name="attention" value="1" checked=filter.attention/>
                "只看待处理"
            </label>
            <button class="primary">"查找"</button>
            <a class="button" href="/console/orders">"清除"</a>
        </form>
    }
    .into_any()
}

fn table(orders: Vec<ListedOrder>) -> AnyView {
    let rows = orders
        .into_iter()
        .map(|order| {
            let to_ship = order.is_to_ship().then_some(view! { <span class="tag warn">"待发货"</span> });
            let money = standing_word(order.standing).map(|word| view! { <span class="tag warn">{word}</span> });
            let refund = order.wants_refund.then_some(view! { <span class="tag warn">"申请退款"</span> });
            let shipped = order.shipped_ms.map(|_| view! { <span class="tag">"已发货"</span> });
            view! {
                <tr>
                    <td data-label="订单"><a href=format!("/console/orders/{}", order.id)>{order.id.to_string()}</a></td>
                    <td data-label="下单时间">{time(order.created_ms)}</td>
                    <td data-label="状态">
                        <span class=format!("tag {}", order.state)>{state_word(order.state)}</span>
                        {to_ship} {money} {shipped} {refund}
                    </td>
                    <td data-label="类型">{kind_word(order.kind)}</td>
                    <td data-label="内容" class="things">{order.items}</td>
                    <td data-label="收货人">{order.name} " " {order.phone}</td>
                    <td data-label="金额" class="number">"¥" {order.total_fee.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="list">
            <caption class="hidden">"订单列表，从新到旧"</caption>
            <thead>
                <tr>
                    <th scope="col">"订单"</th>
                    <th scope="col">"下单时间"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"类型"</th>
                    <th scope="col">"内容"</th>
                    <th scope="col">"收货人"</th>
                    <th scope="col" class="number">"金额"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
