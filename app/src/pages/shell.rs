use std::sync::Arc;

use leptos::{prelude::*, reactive::owner::Owner, tachys::html::InertElement};
use leptos_meta::MetaTags;

use super::{App, StyleSheet};
use crate::{
    messages,
    raw_text::{InlineStyle, JsSdkScript},
};

/// The part of the document's head that every page has: the style sheet, the start of the islands and the JS-SDK. The server
/// renders it once, because Leptos reads the names of the browser's files from the disk each time.
#[derive(Clone, Debug)]
pub struct DocumentHead(Arc<str>);

impl DocumentHead {
    /// The head of a server with this style sheet, these options and this address of the JS-SDK.
    #[must_use]
    pub fn new(style: &StyleSheet, options: &LeptosOptions, jssdk: &str) -> Self {
        let (style, options, jssdk) = (style.clone(), options.clone(), jssdk.to_owned());
        let head = || {
            view! {
                <InlineStyle style/>
                // before the JS-SDK: deferred scripts run in order, and the JS-SDK may never arrive
                <HydrationScripts options=options.clone() islands=true/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <JsSdkScript src=jssdk/>
                <AutoReload options/>
            }
            .to_html()
        };
        Self(Owner::new().with(head).into())
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
                {InertElement::new(head.0.to_string())}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
