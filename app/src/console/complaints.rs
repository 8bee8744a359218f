//! The list of complaints, and the words of a complaint.

use leptos::prelude::*;
use model::{
    complaint::{ALARM_BEFORE_MS, ComplaintProblem, ComplaintState},
    record::ComplaintRecord,
};
use shop::ComplaintList;

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::time,
};

/// The list of complaints at WeChat. `now_ms` is the shop's time, in milliseconds since 1970.
#[must_use]
pub fn complaints_page(head: &Head<'_>, list: ComplaintList, is_available: bool, now_ms: i64) -> String {
    let ComplaintList { open, ended } = list;
    let off = (!is_available).then(|| {
        view! {
            <p class="error" role="alert">
                {t("处理投诉需要微信支付 APIv3。本店只配置了 APIv2：请在商户平台的“消费者投诉”中处理，或配置 APIv3。", "Complaints need WeChat Pay V3, and this shop has V2 only. Answer them in the merchant platform (消费者投诉), or set up V3.")}
            </p>
        }
    });
    let none = (open.is_empty() && is_available)
        .then(|| view! { <p class="empty">{t("没有待处理的投诉", "No open complaints")}</p> });
    let has_ended = !ended.is_empty();
    let body = view! {
        {off}
        <p class="muted">
            {t("买家在微信里对订单的投诉。首次回复请在 24 小时内，处理完成请在 72 小时内，以微信商户平台的要求为准。", "Complaints that buyers made in WeChat. Reply within 24 hours and finish within 72 hours; WeChat's merchant platform has the rules that count.")}
        </p>
        {none}
        {(!open.is_empty()).then(|| table(open, now_ms))}
        {has_ended.then(|| view! { <h2>{t("最近处理完成的", "Ended lately")}</h2> })}
        {has_ended.then(|| table(ended, now_ms))}
    };
    page(head, "/console/complaints", t("投诉", "Complaints"), body)
}

fn table(complaints: Vec<ComplaintRecord>, now_ms: i64) -> AnyView {
    let rows = complaints.into_iter().map(|complaint| row(complaint, now_ms)).collect_view();
    view! {
        <table class="list">
            <caption class="hidden">{t("投诉", "Complaints")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("投诉", "Complaint")}</th>
                    <th scope="col">{t("状态", "Status")}</th>
                    <th scope="col">{t("期限", "Due")}</th>
                    <th scope="col">{t("订单", "Order")}</th>
                    <th scope="col">{t("投诉时间", "Made")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(complaint: ComplaintRecord, now_ms: i64) -> AnyView {
    let words: String = if complaint.detail.is_empty() {
        t("（还没有读取）", "(not read yet)").to_owned()
    } else {
        complaint.detail.chars().take(60).collect()
    };
    let order = complaint.order_id.as_ref().map(|id| {
        view! { <a class="id" href=format!("/console/orders/{id}")>{id.to_string()}</a> }
    });
    view! {
        <tr>
            <th scope="row"><a href=format!("/console/complaints/{}", complaint.id)>{words}</a></th>
            <td data-label=t("状态", "Status")>{state_tag(&complaint)}</td>
            <td data-label=t("期限", "Due")>{due_tag(&complaint, now_ms)}</td>
            <td data-label=t("订单", "Order")>{order}</td>
            <td data-label=t("投诉时间", "Made") data-column="time">{time(complaint.complained_ms)}</td>
        </tr>
    }
    .into_any()
}

/// The tag of the state.
pub(super) fn state_tag(complaint: &ComplaintRecord) -> AnyView {
    let class = match complaint.state {
        ComplaintState::Unread | ComplaintState::Pending => "tag warn",
        ComplaintState::Processing if complaint.has_unanswered_response => "tag warn",
        ComplaintState::Processing | ComplaintState::Processed | ComplaintState::Unknown => "tag",
    };
    let word = match complaint.state {
        ComplaintState::Unread => t("读取中", "Being read"),
        ComplaintState::Pending => t("待回复", "To answer"),
        ComplaintState::Processing if complaint.has_unanswered_response => {
            t("买家有新回复", "The buyer wrote")
        }
        ComplaintState::Processing => t("处理中", "In progress"),
        ComplaintState::Processed => t("已完成", "Ended"),
        ComplaintState::Unknown => t("未知状态", "Unknown"),
    };
    view! { <span class=class>{word}</span> }.into_any()
}

/// The tag with the time until which staff must act. `None` if they need not.
pub(super) fn due_tag(complaint: &ComplaintRecord, now_ms: i64) -> Option<AnyView> {
    let due_ms = complaint.state.due_ms(complaint.complained_ms)?;
    let left = due_ms - now_ms;
    let class = if left <= ALARM_BEFORE_MS { "tag warn" } else { "tag" };
    let (hours, minutes) = (left.abs() / 3_600_000, left.abs() / 60_000 % 60);
    let word = if left < 0 {
        tf!("已超时 {hours} 小时 {minutes} 分", "{hours} h {minutes} min overdue")
    } else {
        tf!("还剩 {hours} 小时 {minutes} 分", "{hours} h {minutes} min left")
    };
    let what = if complaint.state == ComplaintState::Processing || complaint.state == ComplaintState::Unknown
    {
        tf!("{} 前处理完成", "finish before {}", time(due_ms))
    } else {
        tf!("{} 前首次回复", "reply before {}", time(due_ms))
    };
    Some(view! { <span class=class>{word}</span> " " <span class="muted">{what}</span> }.into_any())
}

/// The word for the kind of the problem.
pub(super) fn problem_word(problem: ComplaintProblem) -> &'static str {
    match problem {
        ComplaintProblem::Refund => t("申请退款", "Wants a refund"),
        ComplaintProblem::Service => t("服务权益未生效", "A service does not work"),
        ComplaintProblem::Other => t("其他问题", "Another problem"),
    }
}

/// The complaints about an order, for its page.
pub(super) fn complaints_of_order(complaints: &[ComplaintRecord]) -> Option<AnyView> {
    if complaints.is_empty() {
        return None;
    }
    let lines = complaints
        .iter()
        .map(|complaint| {
            let words: String = complaint.detail.chars().take(60).collect();
            view! {
                <li>
                    <a href=format!("/console/complaints/{}", complaint.id)>{words}</a>
                    " "
                    {state_tag(complaint)}
                    " "
                    <span class="muted">{time(complaint.complained_ms)}</span>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="panel no-print" id="complaints">
                <h2>{t("买家在微信的投诉", "Complaints of the buyer at WeChat")}</h2>
                <ul class="ranking">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}
