use leptos::{html::Span, prelude::*, task::spawn_local};

use super::live::use_live;
use crate::{api::js_config_of, browser, wx};

/// Configures WeChat's JS-SDK for this page, and sets what WeChat shows for a shared link to it.
///
/// An ancestor must have `data-share-title`, `data-share-desc` and `data-share-image`.
#[island]
pub fn JsSdk() -> impl IntoView {
    let root = NodeRef::<Span>::new();
    let live = use_live();
    Effect::new(move |_| {
        let Some(root) = root.get().filter(|_| browser::in_wechat()) else { return };
        let data = |name| browser::closest_data(&root, name).unwrap_or_default();
        let (title, desc, image) = (data("share-title"), data("share-desc"), data("share-image"));
        spawn_local(async move {
            let url = browser::page_url();
            match js_config_of(url.clone()).await {
                Ok(config) => {
                    let link = browser::without_share_parameters(&url);
                    wx::configure(&config, move || wx::share(&title, &desc, &link, &image)).await;
                }
                // the shopper can still pay, because the form uses WeChat's bridge without `wx.config`
                Err(error) => browser::warn(&error.message),
            }
        });
    });
    view! { <span hidden node_ref=root data-live=live></span> }
}
