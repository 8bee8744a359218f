use leptos::prelude::*;
use shop::{DiscrepancyDetail, Right};

use super::{
    detail::difference_words,
    layout::{Head, page},
    messages::{discrepancy_words, time},
};

/// The differences between WeChat's records and the shop's.
#[must_use]
pub fn discrepancies_page(head: &Head<'_>, all: &[DiscrepancyDetail]) -> String {
    let may = head.staff.role.may(Right::Resolve);
    let list = |open: bool| {
        all.iter()
            .filter(|known| known.resolution.is_empty() == open)
            .map(|known| view! { <section class="panel">{discrepancy_section(known, may)}</section> })
            .collect_view()
    };
    let none = all.iter().all(|known| !known.resolution.is_empty());
    let settled = all.iter().any(|known| !known.resolution.is_empty());
    let body = view! {
        <p class="muted">"微信的记录与本店的账不一致时，会列在这里，处理后请写明结果。"</p>
        {none.then(|| view! { <p class="empty">"没有待处理的对账差异"</p> })}
        {list(true)}
        {settled.then(|| view! { <h2>"最近处理过的"</h2> })}
        {list(false)}
    };
    page(head, "/console/differences", "对账差异", body)
}

/// A discrepancy, with the form that resolves it.
pub(super) fn discrepancy_section(known: &DiscrepancyDetail, may: bool) -> AnyView {
    let (title, to_do) = discrepancy_words(known.discrepancy.kind);
    let order = known.order_id.as_ref().map(|id| {
        view! { <dt>"订单"</dt><dd><a href=format!("/console/orders/{id}")>{id.to_string()}</a></dd> }
    });
    let open = known.resolution.is_empty();
    let form = (open && may).then(|| {
        view! {
            <form method="post" action="/console/differences" class="row">
                <input type="hidden" name="id" value=known.discrepancy.id.clone()/>
                <label class="wide">"处理结果" <input name="note" required maxlength="500"/></label>
                <button>"标记为已处理"</button>
            </form>
        }
    });
    let settled = (!open)
        .then(|| view! { <dt>"处理结果"</dt><dd class="text">{difference_words(&known.resolution)}</dd> });
    let payload = (!known.payload.is_empty()).then(|| {
        view! { <details><summary>"原文"</summary><pre tabindex="0">{known.payload.clone()}</pre></details> }
    });
    view! {
        <div class="difference">
            <h3>{title} " " <span class=if open { "tag warn" } else { "tag" }>{if open { "待处理" } else { "已处理" }}</span></h3>
            <dl class="facts">
                <dt>"处理办法"</dt><dd>{to_do}</dd>
                <dt>"商户订单号"</dt><dd><span class="id copy">{known.discrepancy.out_trade_no.clone()}</span></dd>
                {order}
                <dt>"最近一次"</dt><dd>{time(known.discrepancy.last_ms)} "，共 " {known.discrepancy.times.to_string()} " 次"</dd>
                <dt>"说明"</dt><dd class="text">{difference_words(&known.discrepancy.detail)}</dd>
                {settled}
            </dl>
            {payload}
            {form}
        </div>
    }
    .into_any()
}
