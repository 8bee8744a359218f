//! Parts of pages that never change.

use std::sync::OnceLock;

use leptos::{prelude::*, tachys::html::InertElement};
use model::Language;

use crate::messages::language;

/// A part that depends on the page's language only. The server renders it once for each language, not for each page.
pub(crate) struct StaticView {
    chinese: OnceLock<String>,
    english: OnceLock<String>,
}

impl StaticView {
    pub(crate) const fn new() -> Self {
        Self { chinese: OnceLock::new(), english: OnceLock::new() }
    }

    /// The HTML of this view. The first call for a language renders it.
    pub(crate) fn show<V: IntoView + RenderHtml>(&'static self, view: impl FnOnce() -> V) -> InertElement {
        let html = match language() {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        };
        InertElement::new(html.get_or_init(|| view().to_html()).as_str())
    }
}
