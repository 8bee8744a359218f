use leptos::prelude::*;
use shop::{DiscrepancyDetail, Right};

use super::{
    discrepancy_detail::{detail_words, resolution_words, subject_words},
    language::t,
    layout::{Head, page},
    messages::{discrepancy_words, time},
};

/// The list of open discrepancies.
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
        <p class="muted">{t("微信的记录与本店的账不一致时，会列在这里，处理后请写明结果。", "Where WeChat's records and this shop's books differ. Write down how each one was resolved.")}</p>
        {none.then(|| view! { <p class="empty">{t("没有待处理的对账差异", "No open discrepancies")}</p> })}
        {(!none).then(|| view! { <h2>{t("待处理的", "To do")}</h2> })}
        {list(true)}
        {settled.then(|| view! { <h2>{t("最近处理过的", "Resolved lately")}</h2> })}
        {list(false)}
    };
    page(head, "/console/differences", t("对账差异", "Discrepancies"), body)
}

/// A discrepancy, with the form that resolves it.
pub(super) fn discrepancy_section(known: &DiscrepancyDetail, may: bool) -> AnyView {
    let (title, to_do) = discrepancy_words(known.discrepancy.kind);
    let order = known.order_id.as_ref().map(|id| {
        view! { <dt>{t("订单", "Order")}</dt><dd><a href=format!("/console/orders/{id}")>{id.to_string()}</a></dd> }
    });
    let open = known.resolution.is_empty();
    let form = (open && may).then(|| {
        view! {
            <form method="post" action="/console/differences" class="row">
                <input type="hidden" name="id" value=known.discrepancy.id.clone()/>
                <label class="wide">{t("处理结果", "Result")} <input name="note" required maxlength="500"/></label>
                <button>{t("标记为已处理", "Mark as resolved")}</button>
            </form>
        }
    });
    let settled = (!open)
        .then(|| view! { <dt>{t("处理结果", "Result")}</dt><dd class="text">{resolution_words(&known.resolution)}</dd> });
    let payload = (!known.payload.is_empty()).then(|| {
        view! { <details><summary>{t("微信通知原文（供技术人员查看）", "WeChat's message (for a technician)")}</summary><pre tabindex="0">{known.payload.clone()}</pre></details> }
    });
    view! {
        <div class="difference">
            <h3>{title} " " <span class=if open { "tag warn" } else { "tag" }>{if open { t("待处理", "To do") } else { t("已处理", "Resolved") }}</span></h3>
            <dl class="facts">
                <dt>{t("处理办法", "What to do")}</dt><dd>{to_do}</dd>
                <dt>{t("商户订单号", "out_trade_no")}</dt><dd><span class="id copy">{subject_words(&known.discrepancy.out_trade_no)}</span></dd>
                {order}
                <dt>{t("最近一次", "Last seen")}</dt><dd>{time(known.discrepancy.last_ms)} {t("，共 ", ", seen ")} {known.discrepancy.times.to_string()} {t(" 次", " times")}</dd>
                <dt>{t("说明", "Details")}</dt><dd class="text">{detail_words(known.discrepancy.kind, &known.discrepancy.detail)}</dd>
                {settled}
            </dl>
            {payload}
            {form}
        </div>
    }
    .into_any()
}
