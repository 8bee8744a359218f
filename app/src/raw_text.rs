//! The elements in whose text an HTML parser does not look for tags: `script`, `style`, `textarea`, `title`,
//! `noscript`.
//!
//! Only this file writes them; `scripts/lint.sh` checks this. Leptos does not escape the children of `script`, `style`,
//! `noscript` and `textarea` (leptos 0.8.23, tachys 0.2.19; leptos-rs/leptos#4730 escaped `textarea`, #4819 reverted
//! this). `leptos_meta` 0.8.7 does not escape the text of `<Title>`.

use html_escape::encode_text;
use leptos::prelude::*;
use leptos_meta::{Style, Title};

use crate::{inline::Script, pages::PageStyle};

/// The title of a page of the application.
#[component]
pub(crate) fn PageTitle(text: String) -> impl IntoView {
    view! { <Title text=encode_text(&text).into_owned()/> }
}

/// The title of a document without the application.
#[component]
pub(crate) fn DocumentTitle(text: String) -> impl IntoView {
    view! { <title inner_html=encode_text(&text).into_owned()></title> }
}

/// A field for a text of several lines.
#[component]
pub(crate) fn TextArea(
    name: &'static str,
    rows: u8,
    /// The maximum number of characters.
    maxlength: usize,
    #[prop(optional)] required: bool,
    /// The text in the field at first.
    #[prop(optional)]
    value: String,
) -> impl IntoView {
    // the parser drops a line feed after the tag, so this one protects a line feed at the start of the text
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

/// One of our style sheets, as an inline style.
#[component]
pub(crate) fn InlineStyle(css: String) -> impl IntoView {
    view! { <style inner_html=css></style> }
}

/// The sheet of a group of pages, in the document's head.
#[component]
pub(crate) fn PageSheet(style: PageStyle) -> impl IntoView {
    view! { <Style>{style.css()}</Style> }
}

/// WeChat's JS-SDK. A page does not wait for it.
#[component]
pub(crate) fn JsSdkScript(src: String) -> impl IntoView {
    view! { <script src=src defer></script> }
}

/// The style of WeChat's button. WeChat does not apply the page's own style to the button.
const SUBSCRIBE_STYLE: &str =
    ".b{width:100%;padding:12px;border:0;border-radius:8px;background:#06803f;color:#fff;font-size:16px}";

/// WeChat's button that asks for the consent to messages (`wx-open-subscribe`). WeChat draws the button from the text
/// inside it; other browsers show nothing.
#[component]
pub(crate) fn OpenSubscribe(
    /// The ids of the templates, with commas between them.
    templates: String,
    label: &'static str,
) -> impl IntoView {
    let drawing =
        format!("<style>{SUBSCRIBE_STYLE}</style><button class=\"b\">{}</button>", encode_text(label));
    view! {
        <wx-open-subscribe template=templates>
            <script type="text/wxtag-template" inner_html=drawing></script>
        </wx-open-subscribe>
    }
}

/// Makes a browser without JavaScript reload the page.
#[component]
pub(crate) fn ReloadWithoutScript(
    /// The time before the reload, in seconds.
    after_s: u8,
) -> impl IntoView {
    view! { <noscript inner_html=format!("<meta http-equiv=\"refresh\" content=\"{after_s}\">")></noscript> }
}

/// An SVG drawing that a library wrote. `svg` must not contain text that a person typed.
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
    fn typed_text_cannot_end_an_element() {
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
