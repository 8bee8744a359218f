use leptos::prelude::*;
use leptos_meta::MetaTags;
use shop::Shop;

use crate::{
    messages,
    raw_text::{JsSdkScript, StyleAndStart},
};

use super::{App, Files};

/// The HTML document around each page.
#[must_use]
pub fn shell(options: LeptosOptions, files: &Files) -> impl IntoView + use<> {
    let jssdk = expect_context::<Shop>().endpoints().jssdk().to_owned();
    view! {
        <!DOCTYPE html>
        <html lang=messages::language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <StyleAndStart files=files.clone()/>
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
