use leptos::prelude::*;
use model::{catalogue::ProductView, record::StockRecord};
use shop::{Product, ProductFilter, Right, SaleState, shanghai};

use super::{
    language::{t, tf},
    layout::{Head, page},
};

/// The list of products of a filter, with the stock of each. `now_ms` is the shop's time, in milliseconds since 1970.
#[must_use]
pub fn products_page(
    head: &Head<'_>,
    filter: &ProductFilter,
    products: &[Product],
    stock: &[StockRecord],
    now_ms: i64,
) -> String {
    let rows = products
        .iter()
        .map(|product| {
            let left: i64 = product
                .skus
                .iter()
                .filter_map(|spec| stock.iter().find(|row| row.sku == spec.sku).map(|row| row.stock))
                .sum();
            let cheapest = product.skus.iter().map(|spec| spec.price).min().unwrap_or_default();
            let (class, word) = state_tag(product, now_ms);
            view! {
                <tr>
                    <td class="picture"><img src=product.picture.clone() alt="" width="48" height="48" loading="lazy"/></td>
                    <td data-column="name" data-label=t("商品", "Product")><a href=format!("/console/catalogue/{}", product.id)>{product.name.clone()}</a></td>
                    <td data-column="category" data-label=t("分类", "Category")>{product.category.clone()}</td>
                    <td data-column="count" data-label=t("规格", "Specifications") class="number">{product.skus.len().to_string()}</td>
                    <td data-column="price" data-label=t("价格", "Price") class="number">"¥" {cheapest.to_string()} {product.skus.iter().any(|spec| spec.price != cheapest).then_some(t(" 起", " and up"))}</td>
                    <td data-column="stock" data-label=t("库存", "Stock") class="number">{left.to_string()}</td>
                    <td data-column="state" data-label=t("状态", "Status") class="tags"><span class=class>{word}</span>{limits(product, now_ms)}</td>
                </tr>
            }
        })
        .collect_view();
    let add = head.staff.role.may(Right::Catalogue).then(|| {
        view! {
            <p class="actions">
                <a class="button primary" href="/console/catalogue/new">{t("新增商品", "Add a product")}</a>
                <a class="button" href="/console/catalogue/file">{t("导出和导入", "Export and import")}</a>
                <a class="button" href="/console/freight">{t("运费", "Delivery cost")}</a>
            </p>
        }
    });
    let nothing = products.is_empty().then(|| {
        view! { <p class="empty">{t("没有这样的商品", "There is no such product")}</p> }
    });
    let body = view! {
        {add}
        {views(filter)}
        {form(filter)}
        {nothing}
        <table class="list products">
            <caption class="hidden">{t("商品列表", "Products")}</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{t("商品", "Product")}</th>
                    <th scope="col">{t("分类", "Category")}</th>
                    <th scope="col" class="number">{t("规格", "Specifications")}</th>
                    <th scope="col" class="number">{t("价格", "Price")}</th>
                    <th scope="col" class="number">{t("库存", "Stock")}</th>
                    <th scope="col">{t("状态", "Status")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    page(head, "/console/catalogue", t("商品", "Product"), body)
}

/// The class and the word of the tag with the state of a product. `now_ms` is in milliseconds since 1970.
pub(super) fn state_tag(product: &Product, now_ms: i64) -> (&'static str, &'static str) {
    match product.sale_state(now_ms) {
        _ if product.archived => ("tag warn", t("已删除", "Deleted")),
        SaleState::OnSale => ("tag paid", t("在售", "On sale")),
        SaleState::NotYet(_) => ("tag", t("未到开售时间", "Not on sale yet")),
        SaleState::Ended(_) => ("tag", t("已过停售时间", "Sale ended")),
        SaleState::OffSale => ("tag", t("未上架", "Off sale")),
    }
}

/// The begin or the end of the sale that is still to come, and the purchase limit. `now_ms` is in milliseconds since
/// 1970.
pub(super) fn limits(product: &Product, now_ms: i64) -> AnyView {
    let coming = |ms: Option<i64>| {
        ms.filter(|ms| *ms > now_ms).map(|ms| shanghai(ms).strftime("%m-%d %H:%M").to_string())
    };
    let from = coming(product.sale.from_ms).map(|at| tf!("{at} 开售", "from {at}"));
    let until = coming(product.sale.until_ms).map(|at| tf!("{at} 停售", "until {at}"));
    let limit = product.purchase_limit.map(|limit| tf!("限购 {limit}", "limit {limit}"));
    [from, until, limit]
        .into_iter()
        .flatten()
        .map(|words| view! { " " <span class="tag">{words}</span> })
        .collect_view()
        .into_any()
}

fn views(filter: &ProductFilter) -> AnyView {
    let tab = |view: Option<ProductView>, word: &'static str| {
        let href = view.map_or_else(
            || "/console/catalogue".to_owned(),
            |view| format!("/console/catalogue?view={view}"),
        );
        let current = (filter.view == view).then_some("page");
        view! { <a href=href aria-current=current>{word}</a> }
    };
    let tabs = [
        (None, t("全部", "All")),
        (Some(ProductView::OnSale), t("在售", "On sale")),
        (Some(ProductView::OffSale), t("未上架", "Off sale")),
        (Some(ProductView::Archived), t("已删除", "Deleted")),
    ];
    let tabs = tabs.map(|(view, word)| tab(view, word)).collect_view();
    view! { <nav class="views" aria-label=t("商品分类", "Lists of products")>{tabs}</nav> }.into_any()
}

fn form(filter: &ProductFilter) -> AnyView {
    let view = filter.view.map(|view| view! { <input type="hidden" name="view" value=view.as_str()/> });
    let clear = (!filter.search.is_empty())
        .then(|| view! { <a class="button" href="/console/catalogue">{t("清除", "Clear")}</a> });
    view! {
        <form class="filter panel" method="get" action="/console/catalogue" role="search">
            {view}
            <label class="wide">
                {t("搜索", "Search")}
                <input type="search" name="q" value=filter.search.clone() placeholder=t("商品名、分类、规格或货号", "Name, category, specification or SKU") maxlength="64"/>
            </label>
            <button class="primary">{t("查找", "Search")}</button>
            {clear}
        </form>
    }
    .into_any()
}
