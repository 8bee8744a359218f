use leptos::prelude::*;

use super::{
    language::t,
    layout::{Head, page},
};

/// The value of a secret that is set.
pub const SECRET: &str = "a secret";

/// The configuration: each variable with its value. Secrets are not shown.
#[must_use]
pub fn settings_page(head: &Head<'_>, settings: &[(&'static str, String)]) -> String {
    let rows = settings
        .iter()
        .map(|(name, value)| {
            let value = match value.as_str() {
                "" => "—".to_owned(),
                SECRET => t("已设置（不显示）", "set (not shown)").to_owned(),
                other => other.to_owned(),
            };
            view! { <tr><th scope="row" class="id">{*name}</th><td data-label=t("值", "Value") class="id">{value}</td></tr> }
        })
        .collect_view();
    let body = view! {
        <p class="muted">{t("设置写在环境变量或 .env 里，重启后生效；每一项的含义见 .env.sample。密钥不显示。", "Settings are environment variables or lines of .env. They apply after a restart. .env.sample explains each. Secrets are not shown.")}</p>
        <table class="list settings">
            <caption class="hidden">{t("当前设置", "Current settings")}</caption>
            <thead><tr><th scope="col">{t("变量", "Variable")}</th><th scope="col">{t("值", "Value")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    page(head, "/console/settings", t("设置", "Settings"), body)
}
