use leptos::prelude::*;
use model::{
    Fen,
    figures::{Comparison, Period},
    order::OrderState,
};
use shop::{BEST_DAYS, Dashboard, DaySums, LATENCIES, LowStock, OrderView, SignInAlert, ToDo};

use super::{
    charts::{bars, line},
    comparison::comparison,
    language::{t, tf},
    layout::{Head, page},
    messages::{paid_orders_word, state_word, time},
};
use crate::raw_text::Drawing;

/// What the dashboard shows.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// The numbers of open tasks.
    pub to_do: ToDo,
    /// The sums of the last 30 days.
    pub dashboard: &'a Dashboard,
    /// The compared period, and its sums.
    pub compared: (Period, Comparison),
    /// The failed sign-ins that the owner must know about.
    pub alerts: &'a [SignInAlert],
    /// The specifications with a low stock.
    pub low_stock: &'a [LowStock],
    /// The number of further specifications with a low stock.
    pub more_low_stock: usize,
}

/// The dashboard: first the open tasks and the failed sign-ins, then today, the best sellers, the low stock, and the
/// last 30 days.
#[must_use]
pub fn dashboard_page(head: &Head<'_>, overview: &Overview<'_>) -> String {
    let (to_do, dashboard) = (overview.to_do, overview.dashboard);
    let list = |view: OrderView| format!("/console/orders?view={view}");
    let waiting = [
        (to_do.to_ship, t("待发货", "To ship"), list(OrderView::ToShip)),
        (to_do.to_collect, t("待取货", "To collect"), list(OrderView::ToCollect)),
        (to_do.to_report, t("发货信息未录入", "Not reported to WeChat"), list(OrderView::ToReport)),
        (to_do.after_sales, t("售后申请", "After-sales"), "/console/after-sales".to_owned()),
        (to_do.refunds, t("退款异常", "Blocked refunds"), list(OrderView::RefundStuck)),
        (to_do.complaints, t("投诉", "Complaints"), "/console/complaints".to_owned()),
        (to_do.discrepancies, t("对账差异", "Discrepancies"), "/console/differences".to_owned()),
    ]
    .into_iter()
    // only a shop with a mini program reports deliveries
    .filter(|(_, _, href)| to_do.to_report > 0 || *href != list(OrderView::ToReport))
    .map(|(count, word, href)| {
        let class = if count == 0 { "panel figure none" } else { "panel figure" };
        let note = match href.as_str() {
            // a refund with a problem stands in both numbers
            "/console/differences" if count > 0 && to_do.refunds > 0 => {
                Some(t("退款异常也在其中", "blocked refunds are among them").to_owned())
            }
            "/console/after-sales" => to_do.after_sales_due_ms.map(|due_ms| {
                let due = time(due_ms);
                tf!(
                    "最早的一个 {due} 到期，到期自动同意或退款",
                    "the first one is due at {due}: then it is agreed or refunded by itself"
                )
            }),
            _ => None,
        };
        let note = note.map(|words| view! { <span class="small">{words}</span> });
        view! { <a class=class href=href><strong>{count.to_string()}</strong><span>{word}</span>{note}</a> }
    })
    .collect_view();
    let body = view! {
        <h2>{t("待处理", "To do")}</h2>
        <section class="figures" aria-label=t("待处理", "To do")>{waiting}</section>
        {sign_ins(overview.alerts)}
        {today(dashboard)}
        {comparison(overview.compared.0, &overview.compared.1)}
        <div class="columns">{best_sellers(dashboard)}{low_stock(overview)}</div>
        <h2>{t("最近 30 天", "Last 30 days")}</h2>
        <div class="charts">{turnover(dashboard)}{states(dashboard)}{success(dashboard)}{latency(dashboard)}</div>
    };
    page(head, "/console", t("概览", "Overview"), body)
}

/// The sums of today.
fn today(dashboard: &Dashboard) -> Option<AnyView> {
    let day = dashboard.days.last()?;
    let refunded = if day.refunded > Fen::ZERO {
        tf!("已扣除今天的退款 ¥{}", "after today's refunds of ¥{}", day.refunded.with_separators())
    } else {
        t("今天没有退款", "no refunds today").to_owned()
    };
    let top_ups = (day.top_ups != Fen::ZERO).then(|| {
        tf!("充值 ¥{}，不计入成交额", "top-ups of ¥{} are not included", day.top_ups.with_separators())
    });
    Some(
        view! {
            <h2>{t("今天", "Today")}</h2>
            <section class="figures today" aria-label=t("今天", "Today")>
                <div class="panel figure">
                    <strong>"¥" {day.turnover.with_separators()}</strong>
                    <span>{t("成交额", "Sales")}</span>
                    <span class="small">{refunded}</span>
                    {top_ups.map(|text| view! { <span class="small">{text}</span> })}
                </div>
                <div class="panel figure">
                    <strong>{day.paid_orders.to_string()}</strong>
                    <span>{paid_orders_word()}</span>
                    <span class="small">{tf!("今天下单 {} 单", "{} placed today", day.placed)}</span>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn best_sellers(dashboard: &Dashboard) -> AnyView {
    let lines = dashboard
        .best_sellers
        .iter()
        .map(|best| {
            view! {
                <li>
                    <img src=best.picture.clone() alt="" width="40" height="40" loading="lazy"/>
                    <a href=format!("/console/catalogue/{}", best.product)>{best.name.clone()}</a>
                    <span class="number">{tf!("{} 件", "{} sold", best.pieces)}</span>
                </li>
            }
        })
        .collect_view();
    let none = dashboard
        .best_sellers
        .is_empty()
        .then(|| view! { <p class="muted">{t("这几天还没有卖出商品", "Nothing sold in these days")}</p> });
    view! {
        <section class="panel">
            <h2>{tf!("近 {BEST_DAYS} 天热销", "Best sellers, last {BEST_DAYS} days")}</h2>
            <ol class="ranking">{lines}</ol>
            {none}
        </section>
    }
    .into_any()
}

fn low_stock(overview: &Overview<'_>) -> AnyView {
    let lines = overview
        .low_stock
        .iter()
        .map(|low| {
            let (class, word) = if low.left == 0 {
                ("tag warn", t("已售罄", "Sold out").to_owned())
            } else {
                ("tag", tf!("剩 {} 件", "{} left", low.left))
            };
            view! {
                <li>
                    <a href=format!("/console/catalogue/{}#specifications", low.product)>
                        {low.name.clone()} " " {low.spec.clone()}
                    </a>
                    <span class=class>{word}</span>
                </li>
            }
        })
        .collect_view();
    let none = overview.low_stock.is_empty().then(|| view! { <p class="muted">{t("在售商品的库存都充足", "Every product on sale has enough stock")}</p> });
    let more = (overview.more_low_stock > 0).then(|| {
        view! { <p><a href="/console/catalogue">{tf!("还有 {} 种规格", "{} more specifications", overview.more_low_stock)}</a></p> }
    });
    view! {
        <section class="panel">
            <h2>{t("库存紧张", "Low stock")}</h2>
            <ul class="ranking">{lines}</ul>
            {none}
            {more}
        </section>
    }
    .into_any()
}

/// The panel with the failed sign-ins.
fn sign_ins(alerts: &[SignInAlert]) -> Option<AnyView> {
    let lines = alerts
        .iter()
        .map(|alert| {
            let wrong_codes = (alert.wrong_codes > 0).then(|| {
                tf!("其中 {} 次密码正确、动态验证码错误：如果不是本人，请立即重置该账号。", " {} of them had the right password and a wrong code: if it was not you, reset this account now.",
                    alert.wrong_codes
                )
            });
            view! {
                <li>
                    <strong>{alert.name.clone()}</strong>
                    {tf!("：{} 次登录失败，最近一次 {}。", ": {} failed sign-ins, the last one at {}.", alert.failures, time(alert.last_ms))}
                    {wrong_codes}
                </li>
            }
        })
        .collect_view();
    (!alerts.is_empty()).then(|| {
        view! {
            <section class="panel error" role="alert">
                <h2>{t("最近 24 小时的登录失败", "Failed sign-ins of the last 24 hours")}</h2>
                <ul>{lines}</ul>
                <p><a href="/console/audit">{t("查看操作记录", "Open the audit log")}</a></p>
            </section>
        }
        .into_any()
    })
}

/// A chart, with a summary in words for people who cannot see the chart.
fn chart(title: &'static str, words: String, svg: String) -> AnyView {
    view! {
        <figure class="panel chart">
            <figcaption><strong>{title}</strong> <span class="muted">{words.clone()}</span></figcaption>
            <Drawing svg label=tf!("{title}：{words}", "{title}: {words}")/>
        </figure>
    }
    .into_any()
}

fn days(dashboard: &Dashboard) -> Vec<String> {
    dashboard.days.iter().map(|day| day.day.clone()).collect()
}

fn turnover(dashboard: &Dashboard) -> AnyView {
    let sum_of = |part: fn(&DaySums) -> Fen| dashboard.days.iter().map(part).sum::<Fen>();
    let (sum, refunded, top_ups) =
        (sum_of(|day| day.turnover), sum_of(|day| day.refunded), sum_of(|day| day.top_ups));
    let mut words = tf!("合计 ¥{}", "¥{} in total", sum.with_separators());
    if refunded > Fen::ZERO {
        words += &tf!("，已扣除退款 ¥{}", ", after refunds of ¥{}", refunded.with_separators());
    }
    if top_ups != Fen::ZERO {
        words += &tf!("；另有充值 ¥{}", "; top-ups of ¥{} besides", top_ups.with_separators());
    }
    let values: Vec<i64> = dashboard.days.iter().map(|day| day.turnover.0).collect();
    let svg = bars(&days(dashboard), &values, |fen| format!("{}", fen / 100));
    chart(t("每日成交额（元）", "Sales per day (yuan)"), words, svg)
}

fn states(dashboard: &Dashboard) -> AnyView {
    let count = |state: OrderState| dashboard.states.get(state.as_str()).copied().unwrap_or(0);
    let names: Vec<String> = OrderState::ALL.map(|state| state_word(state).to_owned()).to_vec();
    let values: Vec<i64> = OrderState::ALL.map(count).to_vec();
    let words =
        tf!("下单共 {} 单，不含充值", "{} orders placed, without top-ups", values.iter().sum::<i64>());
    chart(t("各状态订单数", "Orders by status"), words, bars(&names, &values, |count| count.to_string()))
}

fn success(dashboard: &Dashboard) -> AnyView {
    let (placed, paid) =
        dashboard.days.iter().fold((0, 0), |(placed, paid), day| (placed + day.placed, paid + day.paid));
    let rates: Vec<Option<i64>> =
        dashboard.days.iter().map(|day| (day.paid * 100).checked_div(day.placed)).collect();
    let words = match (paid * 100).checked_div(placed) {
        Some(rate) => tf!(
            "下单 {placed} 单，其中支付 {paid} 单，{rate}%；不含充值",
            "{placed} placed, {paid} of them paid, {rate}%; without top-ups"
        ),
        None => t("还没有订单", "No orders yet").to_owned(),
    };
    chart(t("支付成功率（%）", "Orders that were paid (%)"), words, line(&days(dashboard), &rates, 100))
}

fn latency(dashboard: &Dashboard) -> AnyView {
    let mut names: Vec<String> =
        LATENCIES
            .iter()
            .map(|end| {
                if *end < 60 {
                    tf!("{end} 秒内", "{end} s")
                } else {
                    tf!("{} 分钟内", "{} min", end / 60)
                }
            })
            .collect();
    names.push(t("更久", "longer").to_owned());
    let paid: i64 = dashboard.latencies.iter().sum();
    let words = tf!("其中 {paid} 单已支付，不含充值", "{paid} of them are paid, without top-ups");
    chart(
        t("下单到支付用时", "Time from order to payment"),
        words,
        bars(&names, &dashboard.latencies, |count| count.to_string()),
    )
}
