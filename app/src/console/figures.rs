//! The figures of a period by product, and the files for accounting.

use leptos::prelude::*;
use model::{
    Fen, LocalizedText, ProductId,
    figures::{Amounts, Figures},
};
use shop::{Days, Right, figure_words};

use super::{
    language::{t, tf, translate},
    layout::{Head, page},
};

/// The number of products on the page. The file has all of them.
const MOST: usize = 200;

/// The figures of these days.
#[must_use]
pub fn figures_page(head: &Head<'_>, days: &Days, figures: &Figures) -> String {
    let may_export = head.staff.role.may(Right::Export);
    let query = format!("?from={}&to={}", days.from, days.to);
    let shown = figures.products.iter().take(MOST);
    let products = shown
        .map(|product| line(product.product.as_ref(), &product.name, Some(product.pieces), product.amounts))
        .collect_view();
    let rest: Vec<_> = figures.products.iter().skip(MOST).collect();
    let more = (!rest.is_empty()).then(|| {
        let amounts = Amounts {
            paid: rest.iter().map(|product| product.amounts.paid).sum(),
            refunded: rest.iter().map(|product| product.amounts.refunded).sum(),
        };
        let pieces = rest.iter().map(|product| product.pieces).sum();
        line(None, &tf!("其余 {} 种商品", "{} more products", rest.len()), Some(pieces), amounts)
    });
    let pieces = figures.products.iter().map(|product| product.pieces).sum();
    let partial = Amounts { paid: Fen::ZERO, refunded: figures.partial_refunds };
    let other = |name: LocalizedText, amounts: Amounts| {
        (amounts != Amounts::default()).then(|| line(None, translate(name), None, amounts))
    };
    let body = view! {
        <form method="get" action="/console/figures" class="row panel">
            <label>{t("开始", "From")} <input type="date" name="from" value=days.from.clone()/></label>
            <label>{t("结束", "To")} <input type="date" name="to" value=days.to.clone()/></label>
            <button>{t("查看", "Show")}</button>
        </form>
        <p class="muted">
            {tf!("{} 单已支付。金额已扣除优惠；退款按申请的日期算；充值不算销售。净额即概览中的成交额。", "{} paid orders. Amounts are after reductions, refunds count on the day they were asked for, and top-ups are no sales. The net amount is the sales of the overview.", figures.orders)}
        </p>
        <table class="list">
            <caption class="hidden">{t("各商品的销售", "Sales by product")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("商品", "Product")}</th>
                    <th scope="col" class="number">{t("件数", "Pieces")}</th>
                    <th scope="col" class="number">{t("金额（元）", "Amount (yuan)")}</th>
                    <th scope="col" class="number">{t("退款（元）", "Refunds (yuan)")}</th>
                    <th scope="col" class="number">{t("净额＝成交额（元）", "Net = sales (yuan)")}</th>
                </tr>
            </thead>
            <tbody>
                {products}
                {more}
                {other(figure_words::FREIGHT, figures.freight)}
                {other(figure_words::PARTIAL_REFUNDS, partial)}
                {other(figure_words::NOT_NEEDED, figures.not_needed)}
                {line(None, translate(figure_words::TOTAL), Some(pieces), figures.total)}
            </tbody>
        </table>
        {may_export.then(|| {
            view! {
                <div class="actions">
                    <form method="post" action=format!("/console/figures.csv{query}")>
                        <button>{t("导出这些数据（CSV）", "Export these figures (CSV)")}</button>
                    </form>
                    <form method="post" action=format!("/console/money.csv{query}")>
                        <button>{t("导出收支明细（CSV，记账用）", "Export the movements of money (CSV, for accounting)")}</button>
                    </form>
                </div>
                <p class="muted">{t("收支明细按到账的时间，每笔一行，有期初和期末；不含微信的手续费，请看微信的资金账单。", "The movements are sorted by the time at which the money moved, one in a row, with opening and closing sums. WeChat's fees are not in it: they are in WeChat's fund flow bill.")}</p>
            }
        })}
    };
    page(head, "/console/figures", t("数据", "Figures"), body)
}

fn line(product: Option<&ProductId>, name: &str, pieces: Option<i64>, amounts: Amounts) -> AnyView {
    let name = match product {
        Some(id) => view! { <a href=format!("/console/catalogue/{id}")>{name.to_owned()}</a> }.into_any(),
        None => name.to_owned().into_any(),
    };
    view! {
        <tr>
            <td data-column="name" data-label=t("商品", "Product")>{name}</td>
            <td data-label=t("件数", "Pieces") class="number">{pieces.map(|pieces| pieces.to_string())}</td>
            <td data-label=t("金额（元）", "Amount (yuan)") class="number">{amounts.paid.to_string()}</td>
            <td data-label=t("退款（元）", "Refunds (yuan)") class="number">{amounts.refunded.to_string()}</td>
            <td data-label=t("净额（元）", "Net (yuan)") class="number">{amounts.net().to_string()}</td>
        </tr>
    }
    .into_any()
}
