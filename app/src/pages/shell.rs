use leptos::prelude::*;
use leptos_meta::MetaTags;
use shop::Shop;

use crate::words;

use super::{App, Files};

/// Starts the islands. Leptos' own loader asks for the WebAssembly when it has the script, and waits for an idle moment.
const LOADER: &str = include_str!("loader.js");

/// The HTML document around each page.
#[must_use]
pub fn shell(options: LeptosOptions, files: &Files) -> impl IntoView + use<> {
    let jssdk = expect_context::<Shop>().endpoints().jssdk().to_owned();
    let start = format!("{}({:?}, {:?});", LOADER.trim_end(), files.script(), files.wasm());
    view! {
        <!DOCTYPE html>
        <html lang=words::language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                // one request less before anything is seen
                <style inner_html=files.style().to_owned()></style>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <script src=jssdk defer></script>
                <script inner_html=start></script>
                <AutoReload options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
