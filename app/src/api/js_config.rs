use leptos::prelude::*;
use model::{
    JsConfig,
    text::{TextError, TextForm, TextReader, TextWriter},
};

use super::ApiError;
use crate::text::TextCall;

/// What `wx.config` takes on the page with this address.
#[server(
    name = JsConfigOf, prefix = "/api/fn", endpoint = "js_config",
    protocol = TextCall, input_derive = (Clone,)
)]
pub async fn js_config_of(
    /// As the browser shows it, without what follows `#`.
    url: String,
) -> Result<JsConfig, ApiError> {
    Ok(expect_context::<shop::Shop>().js_config(&url).await?)
}

impl TextForm for JsConfigOf {
    fn write(&self, to: &mut TextWriter) {
        to.put("url", &self.url);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self { url: from.get("url")? })
    }
}
