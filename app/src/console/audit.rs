use leptos::prelude::*;
use model::record::AuditRecord;

use super::{
    detail::detail_words,
    layout::{Head, page},
    messages::{audit_action_word, time},
};

/// The audit log: who did what.
#[must_use]
pub fn audit_page(head: &Head<'_>, rows: &[AuditRecord], more: bool) -> String {
    let next = rows.last().filter(|_| more).map(|row| {
        let href = format!("/console/audit?at={}&id={}", row.at_ms, row.id);
        view! { <a class="button" href=href rel="next">"更早的记录"</a> }
    });
    let rows = rows
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <td data-label="时间">{time(row.at_ms)}</td>
                    <td data-label="操作人">{row.who.clone()}</td>
                    <td data-label="操作">{audit_action_word(row.what)}</td>
                    <td data-label="说明" class="text">{detail_words(&row.detail)}</td>
                </tr>
            }
        })
        .collect_view();
    let body = view! {
        <table class="list events">
            <caption class="hidden">"操作记录，从新到旧"</caption>
            <thead>
                <tr>
                    <th scope="col">"时间"</th>
                    <th scope="col">"操作人"</th>
                    <th scope="col">"操作"</th>
                    <th scope="col">"说明"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <nav class="actions" aria-label="翻页">{next}</nav>
    };
    page(head, "/console/audit", "操作记录", body)
}
