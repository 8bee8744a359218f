use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::mark::mark;
use crate::{api::js_config_of, browser, wx};

/// Configures the JS-SDK for this page and sets what is shared: `data-share-title`, `-desc` and `-image` of the
/// element around it.
#[island]
pub fn JsSdk() -> impl IntoView {
    mark(configure)
}

fn configure(around: Element) {
    browser::set_live(&around);
    if !browser::in_wechat() {
        return;
    }
    spawn_local(async move {
        let url = browser::page_url();
        match js_config_of(url.clone()).await {
            Ok(config) => {
                let data = |name| browser::data_around(&around, name).unwrap_or_default();
                let (title, desc, image) = (data("share-title"), data("share-desc"), data("share-image"));
                let link = browser::without_share_marks(&url);
                wx::configure(&config, move || wx::share(&title, &desc, &link, &image)).await;
            }
            // paying still works, over the plain bridge
            Err(error) => browser::warn(&error.message),
        }
    });
}
