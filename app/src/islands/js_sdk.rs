use leptos::{html::Span, prelude::*, task::spawn_local};

use crate::{api::js_config_of, browser, wx};

/// Configures the JS-SDK for this page and sets what is shared: `data-share-title`, `-desc` and `-image` of the
/// element around it.
#[island]
pub fn JsSdk() -> impl IntoView {
    let root = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        browser::set_live(&root);
        if !browser::in_wechat() {
            return;
        }
        spawn_local(async move {
            let url = browser::page_url();
            match js_config_of(url.clone()).await {
                Ok(config) => {
                    let data = |name| browser::data_around(&root, name).unwrap_or_default();
                    let (title, desc, image) = (data("share-title"), data("share-desc"), data("share-image"));
                    wx::configure(&config, move || wx::share(&title, &desc, &url, &image)).await;
                }
                // paying still works, over the plain bridge
                Err(error) => leptos::logging::warn!("{}", error.message),
            }
        });
    });
    view! { <span node_ref=root hidden></span> }
}
