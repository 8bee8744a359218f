use leptos::prelude::*;
use model::record::AuditRecord;

use super::{
    audit_detail::{CatalogueNames, actor_word, audit_words},
    language::t,
    layout::{Head, page},
    messages::{audit_action_word, time},
};

/// The audit log: who did what. `names`: of the products and specifications.
#[must_use]
pub fn audit_page(head: &Head<'_>, rows: &[AuditRecord], more: bool, names: &CatalogueNames) -> String {
    let next = rows.last().filter(|_| more).map(|row| {
        let href = format!("/console/audit?at={}&id={}", row.at_ms, row.id);
        view! { <a class="button" href=href rel="next">{t("更早的记录", "Earlier entries")}</a> }
    });
    let rows = rows
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <td data-column="time" data-label=t("时间", "Time")>{time(row.at_ms)}</td>
                    <td data-column="source" data-label=t("操作人", "By")>{actor_word(row)}</td>
                    <td data-column="event" data-label=t("操作", "Action")>{audit_action_word(row.what)}</td>
                    <td data-column="detail" data-label=t("说明", "Details") class="text">{audit_words(row, names)}</td>
                </tr>
            }
        })
        .collect_view();
    let body = view! {
        <table class="list events">
            <caption class="hidden">{t("操作记录，从新到旧", "The audit log, newest first")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("时间", "Time")}</th>
                    <th scope="col">{t("操作人", "By")}</th>
                    <th scope="col">{t("操作", "Action")}</th>
                    <th scope="col">{t("说明", "Details")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <nav class="actions" aria-label=t("翻页", "Pages")>{next}</nav>
    };
    page(head, "/console/audit", t("操作记录", "Audit log"), body)
}
