use leptos::prelude::*;
use model::{Fen, order::OrderState};
use shop::{Dashboard, LATENCIES, SignInAlert, ToDo};

use super::{
    charts::{bars, line},
    layout::{Head, page},
    messages::{state_word, time},
};
use crate::raw_text::Drawing;

/// The dashboard: open tasks, failed sign-ins and the figures of the last 30 days.
#[must_use]
pub fn dashboard_page(head: &Head<'_>, to_do: ToDo, dashboard: &Dashboard, alerts: &[SignInAlert]) -> String {
    let waiting = [
        (to_do.to_ship, "待发货", "/console/orders?attention=1"),
        (to_do.applications, "退款申请", "/console/orders?attention=1"),
        (to_do.refunds, "退款受阻", "/console/orders?attention=1"),
        (to_do.discrepancies, "对账差异", "/console/differences"),
    ]
    .map(|(count, word, href)| {
        view! { <a class="panel figure" href=href><strong>{count.to_string()}</strong><span>{word}</span></a> }
    })
    .collect_view();
    let body = view! {
        <section class="figures" aria-label="待处理">{waiting}</section>
        {sign_ins(alerts)}
        <h2>"最近 30 天"</h2>
        <div class="charts">{turnover(dashboard)}{states(dashboard)}{success(dashboard)}{latency(dashboard)}</div>
    };
    page(head, "/console", "概览", body)
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
    let sum: Fen = dashboard.days.iter().map(|day| day.turnover).sum();
    let values: Vec<i64> = dashboard.days.iter().map(|day| day.turnover.0).collect();
    let svg = bars(&days(dashboard), &values, |fen| format!("{}", fen / 100));
    chart("每日成交额（元）", format!("合计 ¥{sum}"), svg)
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
