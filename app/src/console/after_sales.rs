//! The list of after-sales.

use leptos::prelude::*;
use model::admin::{AfterSaleView, ListedAfterSale};

use super::{
    after_sale::{due_words, state_tag},
    language::t,
    layout::{Head, page},
    messages::{after_sale_kind_word, time},
};

const fn view_word(view: AfterSaleView) -> (&'static str, &'static str) {
    match view {
        AfterSaleView::Waiting => ("待处理", "To do"),
        AfterSaleView::Returning => ("待买家寄回", "Waiting for the buyer"),
        AfterSaleView::Refunding => ("退款中", "Refunding"),
        AfterSaleView::Ended => ("已结束", "Ended"),
    }
}

/// The list of after-sales. `more` is the id after which the next page begins; `None` on the last page.
#[must_use]
pub fn after_sales_page(
    head: &Head<'_>,
    view: AfterSaleView,
    after_sales: &[ListedAfterSale],
    more: Option<&str>,
) -> String {
    let tabs = AfterSaleView::ALL
        .iter()
        .map(|other| {
            let (zh, en) = view_word(*other);
            let current = (*other == view).then_some("page");
            view! { <a href=format!("/console/after-sales?view={other}") aria-current=current>{t(zh, en)}</a> }
        })
        .collect_view();
    let rows = after_sales.iter().map(row).collect_view();
    let list = if after_sales.is_empty() {
        view! { <p class="empty">{t("没有售后申请", "No after-sales")}</p> }.into_any()
    } else {
        view! {
            <table class="list">
                <caption class="hidden">{t("售后", "After-sales")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("商品和原因", "Goods and reason")}</th>
                        <th scope="col">{t("买家", "Buyer")}</th>
                        <th scope="col">{t("订单", "Order")}</th>
                        <th scope="col">{t("类型", "Type")}</th>
                        <th scope="col">{t("状态", "Status")}</th>
                        <th scope="col" class="number">{t("金额（元）", "Amount (yuan)")}</th>
                        <th scope="col">{t("申请时间", "Asked for")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let more = more.map(|id| {
        view! { <p class="more"><a href=format!("/console/after-sales?view={view}&before={id}")>{t("更早的", "Older")}</a></p> }
    });
    let body = view! {
        <nav class="views" aria-label=t("售后列表", "Lists of after-sales")>{tabs}</nav>
        {list}
        {more}
    };
    page(head, "/console/after-sales", t("售后", "After-sales"), body)
}

fn row(listed: &ListedAfterSale) -> AnyView {
    let asked = &listed.after_sale;
    let (order, amount) = (asked.order_id.to_string(), asked.amount(listed.refund_fee));
    let href = format!("/console/orders/{order}#{}", asked.id);
    let items = if listed.items.is_empty() { t("充值", "Top-up").to_owned() } else { listed.items.clone() };
    let reason: String = asked.reason.chars().take(60).collect();
    let due = due_words(asked).map(|words| view! { " " <span class="muted">{words}</span> });
    view! {
        <tr>
            <th scope="row" class="text"><a href=href.clone()>{items}<br/><span class="muted">{reason}</span></a></th>
            <td data-label=t("买家", "Buyer")>{listed.name.clone()}</td>
            <td data-label=t("订单", "Order") class="id"><a href=href>{order}</a></td>
            <td data-label=t("类型", "Type")>{after_sale_kind_word(asked.kind)}</td>
            <td data-label=t("状态", "Status")>{state_tag(asked.state)} {due}</td>
            <td data-label=t("金额（元）", "Amount (yuan)") class="number">{amount.to_string()}</td>
            <td data-label=t("申请时间", "Asked for") data-column="time">{time(asked.asked_ms)}</td>
        </tr>
    }
    .into_any()
}
