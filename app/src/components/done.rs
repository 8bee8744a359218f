use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::messages::{self, t};

/// Says what the form before this page did. The word is in the parameter `done` of the address.
#[component]
pub(crate) fn Done() -> impl IntoView {
    let done = use_query_map().get_untracked().get("done");
    let sentence = match done.as_deref() {
        Some("address") => messages::DONE_ADDRESS,
        Some("default") => messages::DONE_DEFAULT,
        Some("deleted") => messages::DONE_DELETED,
        Some("invoice") => messages::DONE_INVOICE,
        Some("withdrawn") => messages::DONE_WITHDRAWN,
        _ => return None,
    };
    Some(view! { <p class="notice" role="status">{t(sentence)}</p> })
}
