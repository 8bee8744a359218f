use leptos::prelude::*;

use super::{Icon, IconView};
use crate::{pages::PageStyle, raw_text::PageSheet};

/// The content of an empty page or list: a drawing, a sentence, and what to do next.
#[component]
pub(crate) fn EmptyState(
    icon: Icon,
    text: &'static str,
    /// Links and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <PageSheet style=PageStyle::Message/>
        <div class="empty-state">
            <span class="drawing"><IconView icon/></span>
            <p class="empty">{text}</p>
            <p class="empty-actions">{children()}</p>
        </div>
    }
}
