use leptos::prelude::*;
use model::record::StockRecord;
use shop::{Product, Right};

use super::layout::{Head, page};

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
            let (class, word) = if product.on_sale { ("tag paid", "在售") } else { ("tag", "已下架") };
            view! {
                <tr>
                    <td class="picture"><img src=product.picture.clone() alt="" width="48" height="48" loading="lazy"/></td>
                    <td data-label="商品"><a href=format!("/console/catalogue/{}", product.id)>{product.name.clone()}</a></td>
                    <td data-label="分类">{product.category.clone()}</td>
                    <td data-label="规格" class="number">{product.skus.len().to_string()}</td>
                    <td data-label="价格" class="number">"¥" {cheapest.to_string()} {(product.skus.len() > 1).then_some(" 起")}</td>
                    <td data-label="库存" class="number">{left.to_string()}</td>
                    <td data-label="状态"><span class=class>{word}</span></td>
                </tr>
            }
        })
        .collect_view();
    let add = head.staff.role.may(Right::Catalogue).then(|| {
        view! { <p class="actions"><a class="button primary" href="/console/catalogue/new">"新增商品"</a></p> }
    });
    let body = view! {
        {add}
        <table class="list products">
            <caption class="hidden">"商品列表"</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">"商品"</th>
                    <th scope="col">"分类"</th>
                    <th scope="col" class="number">"规格"</th>
                    <th scope="col" class="number">"价格"</th>
                    <th scope="col" class="number">"库存"</th>
                    <th scope="col">"状态"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    page(head, "/console/catalogue", "商品", body)
}
