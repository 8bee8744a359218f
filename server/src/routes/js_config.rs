use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use model::JsConfig;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use shop::ShopError;

use crate::{response, state::AppState};

/// The JS-SDK functions that the pages of other programs may use, with the older names of sharing.
const JS_API_LIST: [&str; 6] = [
    "chooseWXPay",
    "checkJsApi",
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "onMenuShareTimeline",
    "onMenuShareAppMessage",
];

/// The parameters of `wx.config`, under its own names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    app_id: String,
    timestamp: i64,
    nonce_str: String,
    signature: String,
    js_api_list: [&'static str; 6],
}

/// `GET /api/wechat/jssdk?url=…`.
pub(super) async fn js_config(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let Some(url) = query.as_deref().and_then(page_url) else {
        return response::refusal(&ShopError::BadRequest("url is missing: the page's address"));
    };
    match state.shop.official().js_config(&url).await {
        Ok(JsConfig { app_id, timestamp, nonce_str, signature }) => {
            response::data(Config { app_id, timestamp, nonce_str, signature, js_api_list: JS_API_LIST })
        }
        Err(error) => response::refusal(&error),
    }
}

/// The address to sign. It is percent-encoded up to the next `&`. Older pages send it without encoding; then it is the
/// rest of the query, byte for byte. In both forms it ends at `#`.
fn page_url(query: &str) -> Option<String> {
    let value = query.strip_prefix("url=").or_else(|| query.split_once("&url=").map(|(_, rest)| rest))?;
    let url = if value.contains("://") {
        value.to_owned()
    } else {
        let encoded = value.split('&').next().unwrap_or_default();
        percent_decode_str(encoded).decode_utf8().ok()?.into_owned()
    };
    let page = url.split('#').next().unwrap_or_default();
    (!page.is_empty()).then(|| page.to_owned())
}

#[cfg(test)]
mod tests {
    use super::page_url;

    #[test]
    fn an_address_encoded_once_is_decoded_once() {
        let url =
            page_url("url=https%3A%2F%2Fs.example%2F%25E8%258C%25B6%3Fa%3D1%26b%3D2%23top&_=1").unwrap();
        assert_eq!(url, "https://s.example/%E8%8C%B6?a=1&b=2");
    }

    #[test]
    fn a_raw_address_goes_to_the_end_of_the_query_byte_for_byte() {
        let url =
            page_url("url=https://s.example/%E8%8C%B6?from=singlemessage&isappinstalled=0#top").unwrap();
        assert_eq!(url, "https://s.example/%E8%8C%B6?from=singlemessage&isappinstalled=0");
    }

    #[test]
    fn the_parameter_need_not_be_the_first() {
        assert_eq!(page_url("v=2&url=http%3A%2F%2Fs.example%2F").as_deref(), Some("http://s.example/"));
        assert_eq!(page_url("v=2"), None);
        assert_eq!(page_url("url="), None);
    }
}
