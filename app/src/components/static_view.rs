//! Parts of pages that never change.

use leptos::{prelude::*, reactive::owner::Owner, tachys::html::InertElement};
use model::Language;

use crate::messages::language;

/// The HTML of a part that depends on the page's language only. The server renders it once, not for each page.
pub(crate) struct StaticView {
    chinese: String,
    english: String,
}

impl StaticView {
    /// Renders a view in each language.
    pub(crate) fn render<V: RenderHtml>(view: impl Fn() -> V) -> Self {
        let html = |language: Language| {
            Owner::new().with(|| {
                provide_context(language);
                view().to_html()
            })
        };
        Self { chinese: html(Language::Chinese), english: html(Language::English) }
    }

    /// The HTML in the language of the page.
    pub(crate) fn show(&'static self) -> InertElement {
        let html = match language() {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        };
        InertElement::new(html.as_str())
    }
}
