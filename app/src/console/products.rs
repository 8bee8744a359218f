use leptos::prelude::*;
use model::record::StockRecord;
use shop::{Product, Right};

use super::{
    language::t,
    layout::{Head, page},
};

/// The catalogue, with the stock of each product.
#[must_use]
pub fn products_page(head: &Head<'_>, products: &[Product], stock: &[StockRecord]) -> String {
    let rows = products
        .iter()
        .map(|product| {
            let left: i64 = product
                .skus
                .iter()
                .filter_map(|spec| stock.iter().find(|row| row.sku == spec.sku).map(|row| row.stock))
                .sum();
            let cheapest = product.skus.iter().map(|spec| spec.price).min().unwrap_or_default();
            let (class, word) = if product.on_sale { ("tag paid", t("在售", "On sale")) } else { ("tag", t("未上架", "Off sale")) };
            view! {
                <tr>
                    <td class="picture"><img src=product.picture.clone() alt="" width="48" height="48" loading="lazy"/></td>
                    <td data-column="name" data-label=t("商品", "Product")><a href=format!("/console/catalogue/{}", product.id)>{product.name.clone()}</a></td>
                    <td data-column="category" data-label=t("分类", "Category")>{product.category.clone()}</td>
                    <td data-column="count" data-label=t("规格", "Options") class="number">{product.skus.len().to_string()}</td>
                    <td data-column="price" data-label=t("价格", "Price") class="number">"¥" {cheapest.to_string()} {product.skus.iter().any(|spec| spec.price != cheapest).then_some(t(" 起", " and up"))}</td>
                    <td data-column="stock" data-label=t("库存", "Stock") class="number">{left.to_string()}</td>
                    <td data-column="state" data-label=t("状态", "Status")><span class=class>{word}</span></td>
                </tr>
            }
        })
        .collect_view();
    let add = head.staff.role.may(Right::Catalogue).then(|| {
        view! {
            <p class="actions">
                <a class="button primary" href="/console/catalogue/new">{t("新增商品", "Add a product")}</a>
                <a class="button" href="/console/freight">{t("运费", "Delivery cost")}</a>
            </p>
        }
    });
    let body = view! {
        {add}
        <table class="list products">
            <caption class="hidden">{t("商品列表", "Products")}</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{t("商品", "Product")}</th>
                    <th scope="col">{t("分类", "Category")}</th>
                    <th scope="col" class="number">{t("规格", "Options")}</th>
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
