use leptos::prelude::*;

use super::layout::{Head, page};

/// A page with one message and a link back.
#[must_use]
pub fn message_page(head: &Head<'_>, title: &str, text: &str, back: &str) -> String {
    let body = view! {
        <section class="panel">
            <p class="error" role="alert">{text.to_owned()}</p>
            <p><a class="button" href=back.to_owned()>"返回"</a></p>
        </section>
    };
    page(head, "", title, body)
}
