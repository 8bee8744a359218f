use leptos::prelude::*;
use model::JsConfig;

use super::ApiError;
use crate::transport::PostText;

/// Returns the parameters of `wx.config` for a page.
#[server(prefix = "/api/fn", endpoint = "js_config", protocol = PostText)]
pub async fn js_config_of(
    /// The address of the page as the browser shows it, without the fragment.
    url: String,
) -> Result<JsConfig, ApiError> {
    Ok(expect_context::<shop::Shop>().official().js_config(&url).await?)
}

model::text_form!(JsConfigOf { url: "url" });
