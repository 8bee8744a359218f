use leptos::prelude::*;
use model::{
    admin::FoundBy,
    order::{OrderKind, OrderState},
};
use shop::{ListedOrder, OrderFilter, OrderView, Right, SEARCHED_ORDERS, Staff, ViewCounts};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::{kind_word, standing_word, state_word, time, view_word},
    ship_until::{ShipUntil, ship_until},
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
    add("view", filter.view.map_or("", OrderView::as_str));
    query
}

/// The data of the list of orders.
#[derive(Clone, Debug)]
pub struct OrderList {
    /// The filter.
    pub filter: OrderFilter,
    /// The orders of this page.
    pub orders: Vec<ListedOrder>,
    /// Whether there are older orders.
    pub more: bool,
    /// The number of orders in the lists that staff work through.
    pub counts: ViewCounts,
    /// The promised time of sending.
    pub until: ShipUntil,
}

/// The list of orders.
#[must_use]
pub fn orders_page(head: &Head<'_>, list: OrderList) -> String {
    let OrderList { filter, orders, more, counts, until } = list;
    let query = query_of(&filter);
    let export = head.staff.role.may(Right::Export).then(|| {
        view! {
            <form method="post" action=format!("/console/orders.csv{query}")>
                <button>{t("导出这些订单（CSV）", "Export these orders (CSV)")}</button>
            </form>
        }
    });
    let join = if query.is_empty() { "?" } else { "&" };
    let next = orders.last().filter(|_| more).map(|order| {
        let href = format!("/console/orders{query}{join}before={}", order.id);
        view! { <a class="button" href=href rel="next">{t("下一页（更早的订单）", "Next page (earlier orders)")}</a> }
    });
    let first = filter.before.as_ref().map(|_| {
        view! { <a class="button" href=format!("/console/orders{query}")>{t("回到第一页", "First page")}</a> }
    });
    let empty = orders
        .is_empty()
        .then(|| view! { <p class="empty">{t("没有符合条件的订单", "No orders match")}</p> });
    let searched = (!filter.search.trim().is_empty()).then(|| {
        view! {
            <p class="muted">
                {t("输入四位数字，会按电话尾号和订单编号末四位查找。", "Four digits are looked for at the end of telephone numbers and order numbers.")} " "
                {tf!("输入的不完整时，只查找最近 {} 万个订单；要找更早的，请在“更多条件”里选日期，或输入完整的单号、电话或姓名。", "A part of a number or a name is looked for in the last {}0,000 orders. For earlier ones choose dates under “More filters”, or enter the whole number, telephone or name.", SEARCHED_ORDERS / 10_000)}
            </p>
        }
    });
    let batch = (filter.view == Some(OrderView::ToShip)).then(|| {
        view! { <a class="button" href="/console/packing">{t("批量发货：打印发货单、导入运单号", "Ship in batches: print notes, import tracking numbers")}</a> }
    });
    let body = view! {
        {views(head.staff, &filter, &counts)}
        {batch}
        {form(&filter)}
        {searched}
        {(!orders.is_empty()).then(|| table(orders, &filter.search, until, head.staff.role.may(Right::Read)))}
        {empty}
        <div class="actions ends">
            <nav class="actions" aria-label=t("翻页", "Pages")>{first}{next}</nav>
            {export}
        </div>
    };
    page(head, "/console/orders", t("订单", "Orders"), body)
}

/// The lists that the staff member may see, each with the number of its orders.
fn views(staff: &Staff, filter: &OrderFilter, counts: &ViewCounts) -> AnyView {
    let tab = |view: Option<OrderView>, word: &'static str| {
        let href =
            view.map_or_else(|| "/console/orders".to_owned(), |view| format!("/console/orders?view={view}"));
        let count = view.and_then(|view| counts.of(view)).filter(|count| *count > 0);
        let count = count.map(|count| {
            let text = if count > ViewCounts::MAX_COUNT {
                format!("{}+", ViewCounts::MAX_COUNT)
            } else {
                count.to_string()
            };
            view! { " " <span class="count">{text}</span> }
        });
        let current = (filter.view == view && !filter.attention).then_some("page");
        view! { <a href=href aria-current=current>{word}{count}</a> }
    };
    let all = staff.role.may(Right::Read).then(|| tab(None, t("全部", "All")));
    // only a shop with a mini program reports deliveries, and few shoppers ask for an invoice
    let has_any = |view: OrderView| {
        !matches!(view, OrderView::ToReport | OrderView::ToInvoice)
            || counts.of(view).is_some_and(|count| count > 0)
            || filter.view == Some(view)
    };
    let shown = staff.order_views().iter().filter(|view| has_any(**view));
    let others = shown.map(|view| tab(Some(*view), view_word(*view))).collect_view();
    view! { <nav class="views" aria-label=t("订单分类", "Lists of orders")>{all}{others}</nav> }.into_any()
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
    let is_open = filter.state.is_some()
        || filter.kind.is_some()
        || filter.from.is_some()
        || filter.to.is_some()
        || filter.attention;
    let view = filter.view.map(|view| view! { <input type="hidden" name="view" value=view.as_str()/> });
    let clear = (!query_of(filter).is_empty())
        .then(|| view! { <a class="button" href="/console/orders">{t("清除", "Clear")}</a> });
    view! {
        <form class="filter panel" method="get" action="/console/orders" role="search">
            {view}
            <label class="wide">
                {t("搜索", "Search")}
                <input type="search" name="q" value=filter.search.clone() placeholder=t("电话、姓名、商品名或各种单号", "Telephone, name, product or any number") maxlength="64"/>
            </label>
            <button class="primary">{t("查找", "Search")}</button>
            {clear}
            <details class="more" open=is_open>
                <summary>{t("更多条件", "More filters")}</summary>
                <div class="filter">
                    <label>{t("状态", "Status")} <select name="state"><option value="">{t("全部", "All")}</option>{states}</select></label>
                    <label>{t("类型", "Type")} <select name="kind"><option value="">{t("全部", "All")}</option>{kinds}</select></label>
                    <label>{t("开始日期", "From")} <input type="date" name="from" value=filter.from.clone().unwrap_or_default()/></label>
                    <label>{t("结束日期", "To")} <input type="date" name="to" value=filter.to.clone().unwrap_or_default()/></label>
                    <label class="check">
                        <input type="checkbox" name="attention" value="1" checked=filter.attention/>
                        {t("只看待处理", "Only open tasks")}
                    </label>
                </div>
            </details>
        </form>
    }
    .into_any()
}

/// Why a search has found this order, if the row does not show the searched text.
fn found_by(order: &ListedOrder, search: &str) -> Vec<String> {
    let digits = search.trim();
    let is_tail = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_tail && order.phone.ends_with(digits) {
        return vec![tf!("电话尾号 {digits}", "the telephone ends with {digits}")];
    }
    let words = |found: &FoundBy| match found {
        FoundBy::TrackingNo(number) => tf!("运单号 {number}", "tracking number {number}"),
        FoundBy::OutTradeNo(number) => tf!("商户订单号 {number}", "out_trade_no {number}"),
        FoundBy::TransactionId(number) => tf!("微信支付单号 {number}", "transaction_id {number}"),
        FoundBy::OutRefundNo(number) => tf!("退款单号 {number}", "refund number {number}"),
    };
    order.found_by.iter().map(words).collect()
}

fn table(orders: Vec<ListedOrder>, search: &str, until: ShipUntil, shows_money: bool) -> AnyView {
    let rows = orders
        .into_iter()
        .map(|order| {
            let to_ship = if order.is_pickup { t("待取货", "To collect") } else { t("待发货", "To ship") };
            let found = found_by(&order, search).join(t("；", "; "));
            let found = (!found.is_empty()).then(|| view! { <br/><span class="muted">{tf!("找到：{found}", "found by: {found}")}</span> });
            let waits = order.is_to_ship() && !order.is_pickup;
            let until = until.of_order(order.paid_ms.filter(|_| waits)).map(ship_until);
            let to_ship = order.is_to_ship().then_some(view! { <span class="tag warn">{to_ship}</span> });
            let money = standing_word(order.standing).map(|word| view! { <span class="tag warn">{word}</span> });
            let refund = order.wants_refund.then_some(view! { <span class="tag warn">{t("售后申请", "After-sale requested")}</span> });
            let pickup = if order.is_pickup && order.paid_ms.is_some() { t("到店自取 ", "Store pickup ") } else { "" };
            let to = format!("{pickup}{} {}", order.name, order.phone);
            let shipped = match order.received_ms {
                Some(_) if order.is_pickup => t("已取货", "Collected"),
                Some(_) => t("已收货", "Received"),
                None => t("已发货", "Shipped"),
            };
            let shipped = order.shipped_ms.map(|_| view! { <span class="tag">{shipped}</span> });
            let fee = shows_money.then(|| {
                view! { <td data-column="money" data-label=t("金额", "Amount") class="number">"¥" {order.total_fee.to_string()}</td> }
            });
            view! {
                <tr>
                    <td data-column="id" data-label=t("订单", "Order")><a href=format!("/console/orders/{}", order.id)>{order.id.to_string()}</a></td>
                    <td data-column="time" data-label=t("下单时间", "Placed")>{time(order.created_ms)}</td>
                    <td data-column="state" data-label=t("状态", "Status") class="tags">
                        <span class=format!("tag {}", order.state)>{state_word(order.state)}</span>
                        {to_ship}{until}{shipped}{money}{refund}
                    </td>
                    <td data-column="kind" data-label=t("类型", "Type") class=order.kind.as_str()>{kind_word(order.kind)}</td>
                    <td data-column="things" data-label=t("内容", "Items") class="things"><div>{order.items}</div></td>
                    <td data-column="who" data-label=t("收货人", "Recipient")>{to}{found}</td>
                    {fee}
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="list orders">
            <caption class="hidden">{t("订单列表，从新到旧", "Orders, newest first")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("订单", "Order")}</th>
                    <th scope="col">{t("下单时间", "Placed")}</th>
                    <th scope="col">{t("状态", "Status")}</th>
                    <th scope="col">{t("类型", "Type")}</th>
                    <th scope="col">{t("内容", "Items")}</th>
                    <th scope="col">{t("收货人", "Recipient")}</th>
                    {shows_money.then(|| view! { <th scope="col" class="number">{t("金额", "Amount")}</th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
