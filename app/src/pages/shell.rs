use std::sync::Arc;

use http::request::Parts;
use leptos::{prelude::*, reactive::owner::Owner, tachys::html::InertElement};
use leptos_meta::MetaTags;

use super::{App, StyleSheet};
use crate::{
    messages,
    raw_text::{InlineStyle, JsSdkScript},
};

/// The extension of a request for a shared page.
#[derive(Clone, Copy, Debug)]
pub struct SharedPage;

/// The part of the document's head that all pages share: the style sheet, the start of the islands and the JS-SDK. The
/// server renders it only once, because Leptos reads the names of the browser's files from the disk each time.
#[derive(Clone, Debug)]
pub struct DocumentHead {
    /// The head of a shared page, with the text of the style sheet.
    shared: Arc<str>,
    /// The head of other pages, with a link to the style sheet.
    linked: Arc<str>,
}

impl DocumentHead {
    /// The head of a server with this style sheet, these options and this address of the JS-SDK.
    #[must_use]
    pub fn new(style: &StyleSheet, options: &LeptosOptions, jssdk: &str) -> Self {
        let head = |style: AnyView| {
            let (options, jssdk) = (options.clone(), jssdk.to_owned());
            view! {
                {style}
                // before the JS-SDK, because deferred scripts run in order, and the JS-SDK may never arrive
                <HydrationScripts options=options.clone() islands=true/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <JsSdkScript src=jssdk/>
                <AutoReload options/>
            }
            .to_html()
        };
        let path = style.path().to_owned();
        let text = style.css().to_owned();
        Owner::new().with(|| Self {
            // prefetch the file, because the next page links to it
            shared: head(
                view! { <InlineStyle css=text/> <link rel="prefetch" href=path.clone() r#as="style"/> }
                    .into_any(),
            )
            .into(),
            linked: head(view! { <link rel="stylesheet" href=path/> }.into_any()).into(),
        })
    }

    /// The head of the page of the current request.
    fn of_request(&self) -> &str {
        let is_shared = |parts: Parts| parts.extensions.get::<SharedPage>().is_some();
        if use_context::<Parts>().is_some_and(is_shared) { &self.shared } else { &self.linked }
    }
}

/// The HTML document around each page.
#[must_use]
pub fn shell(head: &DocumentHead) -> impl IntoView + use<> {
    view! {
        <!DOCTYPE html>
        <html lang=messages::language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                {InertElement::new(head.of_request().to_owned())}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
