//! Elements whose text an HTML parser reads without looking for tags: `script`, `style`, `textarea`, `title`, `noscript`.
//!
//! They are written here and nowhere else; lint refuses them elsewhere. Leptos writes the children of `script`, `style`,
//! `noscript` and `textarea` without escaping (leptos 0.8.23, tachys 0.2.19; leptos-rs/leptos#4730 escaped `textarea`, #4819
//! took that back), and `leptos_meta` 0.8.7 writes the text of `<Title>` without escaping.

use html_escape::encode_text;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{inline::Script, pages::Files};

/// The title of a page inside the application.
#[component]
pub(crate) fn PageTitle(text: String) -> impl IntoView {
    view! { <Title text=encode_text(&text).into_owned()/> }
}

/// The title of a document that is rendered without the application.
#[component]
pub(crate) fn DocumentTitle(text: String) -> impl IntoView {
    view! { <title inner_html=encode_text(&text).into_owned()></title> }
}

/// A text of several lines that a person edits.
#[component]
pub(crate) fn TextArea(
    name: &'static str,
    rows: u8,
    /// Characters at most.
    maxlength: usize,
    #[prop(optional)] required: bool,
    /// What was typed before.
    #[prop(optional)]
    value: String,
) -> impl IntoView {
    // the parser drops one line feed after the tag: this one, not the first one of the text
    let text = format!("\n{}", encode_text(&value));
    view! {
        <textarea
            name=name
            rows=rows.to_string()
            maxlength=maxlength.to_string()
            required=required
            inner_html=text
        ></textarea>
    }
}

/// One of our scripts.
#[component]
pub(crate) fn InlineScript(script: Script) -> impl IntoView {
    view! { <script inner_html=script.text()></script> }
}

/// The style sheet, and the script that starts the islands.
#[component]
pub(crate) fn StyleAndStart(files: Files) -> impl IntoView {
    view! {
        <Style files=files.clone()/>
        <script inner_html=files.start().to_owned()></script>
    }
}

/// The style sheet, by itself on a page without islands.
#[component]
pub(crate) fn Style(files: Files) -> impl IntoView {
    // one request less before anything is seen
    view! { <style inner_html=files.style().to_owned()></style> }
}

/// WeChat's JS-SDK. A page is complete before it has arrived.
#[component]
pub(crate) fn JsSdkScript(src: String) -> impl IntoView {
    view! { <script src=src defer></script> }
}

/// Lets a browser that runs no script load the page again.
#[component]
pub(crate) fn ReloadWithoutScript(
    /// After so many seconds.
    after_s: u8,
) -> impl IntoView {
    view! { <noscript inner_html=format!("<meta http-equiv=\"refresh\" content=\"{after_s}\">")></noscript> }
}

/// A drawing that a library wrote as SVG. `svg` must hold no text that a person typed.
#[component]
pub(crate) fn Drawing(
    svg: String,
    label: String,
    #[prop(optional)] class: Option<&'static str>,
) -> impl IntoView {
    view! { <div class=class role="img" aria-label=label inner_html=svg></div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_no_element() {
        let text = "</textarea></title><script>alert(1)</script>&amp;";
        let title = view! { <DocumentTitle text=text.to_owned()/> }.to_html();
        assert_eq!(
            title,
            "<title>&lt;/textarea&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</title>"
        );
        let area = view! { <TextArea name="note" rows=3 maxlength=10 value=text.to_owned()/> }.to_html();
        assert!(area.ends_with(
            ">\n&lt;/textarea&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</textarea>"
        ));
    }
}
