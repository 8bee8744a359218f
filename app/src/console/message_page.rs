use leptos::prelude::*;

use super::{
    language::t,
    layout::{Head, page},
};

/// A page with one message and a link back.
#[must_use]
pub fn message_page(head: &Head<'_>, text: &str, back: &str) -> String {
    let body = view! {
        <section class="panel">
            <p class="error" role="alert">{text.to_owned()}</p>
            <p><a class="button" href=back.to_owned()>{t("返回", "Back")}</a></p>
        </section>
    };
    page(head, "", t("操作失败", "That did not work"), body)
}
