//! The figures of a period by product, and the files for accounting.

use leptos::prelude::*;
use model::{
    Fen, LocalizedText, ProductId,
    figures::{Amounts, ComparedFigures, Figures, ProductFigures},
};
use shop::{Days, Right, figure_words};

use super::{
    comparison::{before, figure},
    language::{t, tf, translate},
    layout::{Head, page},
    messages::paid_orders_word,
};

/// The largest number of products on the page. The file has all of them.
const MAX_LISTED_PRODUCTS: usize = 200;

/// The figures of these days, each with the figure of the days before. `usual` is [`Days::usual`].
#[must_use]
pub fn figures_page(
    head: &Head<'_>,
    (days, earlier): (&Days, &Days),
    usual: &[Days; 4],
    figures: &ComparedFigures,
) -> String {
    let may_export = head.staff.role.may(Right::Export);
    let query = format!("?from={}&to={}", days.from, days.to);
    let ComparedFigures { now, before: then } = figures;
    let row = |product: &ProductFigures| {
        let then = then.of_product(product);
        Line {
            product: product.product.clone(),
            name: product.name.clone(),
            pieces: Some((product.pieces, then.map_or(0, |then| then.pieces))),
            now: product.amounts,
            before: then.map(|then| then.amounts).unwrap_or_default(),
        }
    };
    let products =
        now.products.iter().take(MAX_LISTED_PRODUCTS).map(|product| line(row(product))).collect_view();
    let rest: Vec<Line> = now.products.iter().skip(MAX_LISTED_PRODUCTS).map(row).collect();
    let more = (!rest.is_empty()).then(|| line(Line::sum(&rest)));
    let partial = |figures: &Figures| Amounts { paid: Fen::ZERO, refunded: figures.partial_refunds };
    let other = |name: LocalizedText, now: Amounts, before: Amounts| {
        let is_shown = now != Amounts::default() || before != Amounts::default();
        is_shown.then(|| {
            line(Line { product: None, name: translate(name).to_owned(), pieces: None, now, before })
        })
    };
    let total = Line {
        product: None,
        name: translate(figure_words::TOTAL).to_owned(),
        pieces: Some((now.pieces(), then.pieces())),
        now: now.total,
        before: then.total,
    };
    let yuan = |fen: i64| format!("¥{}", Fen(fen).with_separators());
    let count = |number: i64| number.to_string();
    let body = view! {
        {usual_days(usual, days)}
        <form method="get" action="/console/figures" class="row panel">
            <label>{t("开始", "From")} <input type="date" name="from" value=days.from.clone()/></label>
            <label>{t("结束", "To")} <input type="date" name="to" value=days.to.clone()/></label>
            <button>{t("查看", "Show")}</button>
        </form>
        <section class="figures today" aria-label=t("合计", "Sums")>
            {figure(t("成交额", "Sales"), now.total.net().0, then.total.net().0, yuan)}
            {figure(t("支付金额", "Paid"), now.total.paid.0, then.total.paid.0, yuan)}
            {figure(t("退款", "Refunds"), now.total.refunded.0, then.total.refunded.0, yuan)}
            {figure(paid_orders_word(), now.orders, then.orders, count)}
            {figure(t("件数", "Pieces"), now.pieces(), then.pieces(), count)}
        </section>
        <p class="muted">
            {tf!("上期为 {} 至 {}。", "The period before is {} to {}.", earlier.from, earlier.to)} " "
            {t("成交额＝支付金额−退款，不含充值。订单按支付的日期算，金额已扣除优惠；退款按申请的日期算。", "Sales are what was paid, less refunds, without top-ups. Orders count on the day of their payment, amounts are after reductions, and refunds count on the day they were asked for.")}
        </p>
        <table class="list">
            <caption class="hidden">{t("各商品的销售", "Sales by product")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("商品", "Product")}</th>
                    <th scope="col" class="number">{t("件数", "Pieces")}</th>
                    <th scope="col" class="number">{t("支付金额（元）", "Paid (yuan)")}</th>
                    <th scope="col" class="number">{t("退款（元）", "Refunds (yuan)")}</th>
                    <th scope="col" class="number">{t("成交额（元）", "Sales (yuan)")}</th>
                </tr>
            </thead>
            <tbody>
                {products}
                {more}
                {other(figure_words::FREIGHT, now.freight, then.freight)}
                {other(figure_words::PARTIAL_REFUNDS, partial(now), partial(then))}
                {other(figure_words::SURPLUS, now.surplus, then.surplus)}
                {line(total)}
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

/// The links to the usual periods.
fn usual_days(usual: &[Days; 4], chosen: &Days) -> AnyView {
    let words =
        [t("今天", "Today"), t("近 7 天", "Last 7 days"), t("本月", "This month"), t("上月", "Last month")];
    let links = words
        .into_iter()
        .zip(usual)
        .map(|(word, days)| {
            let is_chosen = (&days.from, &days.to) == (&chosen.from, &chosen.to);
            let class = if is_chosen { "button primary" } else { "button" };
            let href = format!("/console/figures?from={}&to={}", days.from, days.to);
            view! { <a class=class href=href aria-current=is_chosen.then_some("page")>{word}</a> }
        })
        .collect_view();
    view! { <nav class="actions" aria-label=t("常用时段", "Usual periods")>{links}</nav> }.into_any()
}

/// A row of the table.
struct Line {
    product: Option<ProductId>,
    name: String,
    /// The pieces now and before; `None` for a row that is not a product.
    pieces: Option<(i64, i64)>,
    now: Amounts,
    before: Amounts,
}

impl Line {
    /// The sum of the products without a row of their own.
    fn sum(rest: &[Self]) -> Self {
        let amounts = |of: fn(&Self) -> Amounts| Amounts {
            paid: rest.iter().map(|line| of(line).paid).sum(),
            refunded: rest.iter().map(|line| of(line).refunded).sum(),
        };
        let pieces = rest.iter().filter_map(|line| line.pieces);
        let pieces = pieces.fold((0, 0), |sum, pieces| (sum.0 + pieces.0, sum.1 + pieces.1));
        Self {
            product: None,
            name: tf!("其余 {} 种商品", "{} more products", rest.len()),
            pieces: Some(pieces),
            now: amounts(|line| line.now),
            before: amounts(|line| line.before),
        }
    }
}

fn line(line: Line) -> AnyView {
    let name = match line.product {
        Some(id) => view! { <a href=format!("/console/catalogue/{id}")>{line.name}</a> }.into_any(),
        None => line.name.into_any(),
    };
    let pieces = line.pieces.map(|(now, then)| cell(now, then, |number| number.to_string()));
    let yuan = |now: Fen, then: Fen| cell(now.0, then.0, |fen| Fen(fen).with_separators());
    let (now, then) = (line.now, line.before);
    view! {
        <tr>
            <td data-column="name" data-label=t("商品", "Product")>{name}</td>
            <td data-label=t("件数", "Pieces") class="number">{pieces}</td>
            <td data-label=t("支付金额（元）", "Paid (yuan)") class="number">{yuan(now.paid, then.paid)}</td>
            <td data-label=t("退款（元）", "Refunds (yuan)") class="number">{yuan(now.refunded, then.refunded)}</td>
            <td data-label=t("成交额（元）", "Sales (yuan)") class="number">{yuan(now.net(), then.net())}</td>
        </tr>
    }
    .into_any()
}

/// A figure, and below it the figure of the period before.
fn cell(now: i64, then: i64, words: impl Fn(i64) -> String) -> AnyView {
    let small = before(now, then, &words).map(|text| view! { <span class="before">{text}</span> });
    view! { {words(now)} " " {small} }.into_any()
}
