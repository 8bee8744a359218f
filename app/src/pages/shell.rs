use leptos::prelude::*;
use leptos_meta::MetaTags;
use shop::Shop;

use crate::{
    messages,
    raw_text::{InlineStyle, JsSdkScript},
};

use super::{App, StyleSheet};

/// The HTML document around each page.
#[must_use]
pub fn shell(options: LeptosOptions, style: &StyleSheet) -> impl IntoView + use<> {
    let jssdk = expect_context::<Shop>().endpoints().jssdk().to_owned();
    view! {
        <!DOCTYPE html>
        <html lang=messages::language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <InlineStyle style=style.clone()/>
                // before the JS-SDK: deferred scripts run in order, and the JS-SDK may never arrive
                <HydrationScripts options=options.clone() islands=true/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <JsSdkScript src=jssdk/>
                <AutoReload options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
