use leptos::prelude::*;

use super::layout::{Head, page};

/// The configuration: each variable with its value. Secrets are not shown.
#[must_use]
pub fn settings_page(head: &Head<'_>, settings: &[(&'static str, String)]) -> String {
    let rows = settings
        .iter()
        .map(|(name, value)| {
            let value = if value.is_empty() { "—".to_owned() } else { value.clone() };
            view! { <tr><th scope="row" class="id">{*name}</th><td data-label="值" class="id">{value}</td></tr> }
        })
        .collect_view();
    let body = view! {
        <p class="muted">"设置写在环境变量或 .env 里，重启后生效；每一项的含义见 .env.sample。密钥不显示。"</p>
        <table class="list settings">
            <caption class="hidden">"当前设置"</caption>
            <thead><tr><th scope="col">"变量"</th><th scope="col">"值"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    page(head, "/console/settings", "设置", body)
}
