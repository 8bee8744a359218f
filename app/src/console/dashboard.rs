use leptos::prelude::*;
use model::{Fen, order::OrderState};
use shop::{BEST_DAYS, Dashboard, DaySums, LATENCIES, LowStock, OrderView, SignInAlert, ToDo};

use super::{
    charts::{bars, line},
    layout::{Head, page},
    messages::{state_word, time},
};
use crate::raw_text::Drawing;

/// What the dashboard shows.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// The numbers of open tasks.
    pub to_do: ToDo,
    /// The sums.
    pub dashboard: &'a Dashboard,
    /// The failed sign-ins.
    pub alerts: &'a [SignInAlert],
    /// The specifications that sell out soon.
    pub low_stock: &'a [LowStock],
    /// How many more specifications sell out soon.
    pub more_low_stock: usize,
}

/// The dashboard: open tasks and failed sign-ins first, then today, best sellers, low stock, and the last 30 days.
#[must_use]
pub fn dashboard_page(head: &Head<'_>, overview: &Overview<'_>) -> String {
    let (to_do, dashboard) = (overview.to_do, overview.dashboard);
    let list = |view: OrderView| format!("/console/orders?view={view}");
    let waiting = [
        (to_do.to_ship, "待发货", list(OrderView::ToShip)),
        (to_do.applications, "退款申请", list(OrderView::RefundApplication)),
        (to_do.refunds, "退款受阻", list(OrderView::RefundStuck)),
        (to_do.discrepancies, "对账差异", "/console/differences".to_owned()),
    ]
    .map(|(count, word, href)| {
        let class = if count == 0 { "panel figure none" } else { "panel figure" };
        view! { <a class=class href=href><strong>{count.to_string()}</strong><span>{word}</span></a> }
    })
    .collect_view();
    let body = view! {
        <h2>"待处理"</h2>
        <section class="figures" aria-label="待处理">{waiting}</section>
        {sign_ins(overview.alerts)}
        {today(dashboard)}
        <div class="columns">{best_sellers(dashboard)}{low_stock(overview)}</div>
        <h2>"最近 30 天"</h2>
        <div class="charts">{turnover(dashboard)}{states(dashboard)}{success(dashboard)}{latency(dashboard)}</div>
    };
    page(head, "/console", "概览", body)
}

/// The sums of today.
fn today(dashboard: &Dashboard) -> Option<AnyView> {
    let day = dashboard.days.last()?;
    let refunded = if day.refunded > Fen::ZERO {
        format!("已扣除今天的退款 ¥{}", day.refunded)
    } else {
        "今天没有退款".to_owned()
    };
    let top_ups = (day.top_ups != Fen::ZERO).then(|| format!("充值 ¥{}，不计入成交额", day.top_ups));
    Some(
        view! {
            <h2>"今天"</h2>
            <section class="figures today" aria-label="今天">
                <div class="panel figure">
                    <strong>"¥" {day.turnover.to_string()}</strong>
                    <span>"成交额"</span>
                    <span class="small">{refunded}</span>
                    {top_ups.map(|text| view! { <span class="small">{text}</span> })}
                </div>
                <div class="panel figure">
                    <strong>{day.paid.to_string()}</strong>
                    <span>"已支付的订单"</span>
                    <span class="small">{format!("今天下单 {} 单", day.placed)}</span>
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
                    <span class="number">{format!("{} 件", best.pieces)}</span>
                </li>
            }
        })
        .collect_view();
    let none =
        dashboard.best_sellers.is_empty().then(|| view! { <p class="muted">"这几天还没有卖出商品"</p> });
    view! {
        <section class="panel">
            <h2>{format!("近 {BEST_DAYS} 天热销")}</h2>
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
                ("tag warn", "已售罄".to_owned())
            } else {
                ("tag", format!("剩 {} 件", low.left))
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
    let none = overview.low_stock.is_empty().then(|| view! { <p class="muted">"在售商品的库存都充足"</p> });
    let more = (overview.more_low_stock > 0).then(|| {
        view! { <p><a href="/console/catalogue">{format!("还有 {} 种规格", overview.more_low_stock)}</a></p> }
    });
    view! {
        <section class="panel">
            <h2>"库存紧张"</h2>
            <ul class="ranking">{lines}</ul>
            {none}
            {more}
        </section>
    }
    .into_any()
}

/// The failed sign-ins that the owner must know of.
fn sign_ins(alerts: &[SignInAlert]) -> Option<AnyView> {
    let lines = alerts
        .iter()
        .map(|alert| {
            let wrong_codes = (alert.wrong_codes > 0).then(|| {
                format!(
                    "其中 {} 次密码正确、动态验证码错误：如果不是本人，请立即重置该账号。",
                    alert.wrong_codes
                )
            });
            view! {
                <li>
                    <strong>{alert.name.clone()}</strong>
                    {format!("：{} 次登录失败，最近一次 {}。", alert.failures, time(alert.last_ms))}
                    {wrong_codes}
                </li>
            }
        })
        .collect_view();
    (!alerts.is_empty()).then(|| {
        view! {
            <section class="panel error" role="alert">
                <h2>"最近 24 小时的登录失败"</h2>
                <ul>{lines}</ul>
                <p><a href="/console/audit">"查看操作记录"</a></p>
            </section>
        }
        .into_any()
    })
}

/// A chart, with a summary in words for people who cannot see it.
fn chart(title: &'static str, words: String, svg: String) -> AnyView {
    view! {
        <figure class="panel chart">
            <figcaption><strong>{title}</strong> <span class="muted">{words.clone()}</span></figcaption>
            <Drawing svg label=format!("{title}：{words}")/>
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
    let mut words = format!("合计 ¥{sum}");
    if refunded > Fen::ZERO {
        words += &format!("，已扣除退款 ¥{refunded}");
    }
    if top_ups != Fen::ZERO {
        words += &format!("；另有充值 ¥{top_ups}");
    }
    let values: Vec<i64> = dashboard.days.iter().map(|day| day.turnover.0).collect();
    let svg = bars(&days(dashboard), &values, |fen| format!("{}", fen / 100));
    chart("每日成交额（元）", words, svg)
}

fn states(dashboard: &Dashboard) -> AnyView {
    let count = |state: OrderState| dashboard.states.get(state.as_str()).copied().unwrap_or(0);
    let names: Vec<String> = OrderState::ALL.map(|state| state_word(state).to_owned()).to_vec();
    let values: Vec<i64> = OrderState::ALL.map(count).to_vec();
    let words = format!("共 {} 单", values.iter().sum::<i64>());
    chart("各状态订单数", words, bars(&names, &values, |count| count.to_string()))
}

fn success(dashboard: &Dashboard) -> AnyView {
    let (placed, paid) =
        dashboard.days.iter().fold((0, 0), |(placed, paid), day| (placed + day.placed, paid + day.paid));
    let rates: Vec<Option<i64>> =
        dashboard.days.iter().map(|day| (day.paid * 100).checked_div(day.placed)).collect();
    let words = match (paid * 100).checked_div(placed) {
        Some(rate) => format!("{placed} 单下单，{paid} 单支付，{rate}%"),
        None => "还没有订单".to_owned(),
    };
    chart("支付成功率（%）", words, line(&days(dashboard), &rates, 100))
}

fn latency(dashboard: &Dashboard) -> AnyView {
    let mut names: Vec<String> = LATENCIES
        .iter()
        .map(|end| if *end < 60 { format!("{end} 秒内") } else { format!("{} 分钟内", end / 60) })
        .collect();
    names.push("更久".to_owned());
    let paid: i64 = dashboard.latencies.iter().sum();
    let words = format!("{paid} 单已支付");
    chart("从下单到支付", words, bars(&names, &dashboard.latencies, |count| count.to_string()))
}
