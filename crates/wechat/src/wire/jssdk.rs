//! The signature for `wx.config` (JS-SDK 配置).

use sha1::{Digest, Sha1};

/// The `signature` of a page: lower-case hexadecimal SHA-1 (JS-SDK documentation, appendix 1).
///
/// `url` is the address of the page as the browser shows it. The part from `#` is removed. `timestamp` is in seconds
/// since 1970.
///
/// ```
/// let signature = wechat::wire::jssdk::signature(
///     "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
///     "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value",
/// );
/// assert_eq!(signature, "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
/// ```
#[must_use]
pub fn signature(jsapi_ticket: &str, noncestr: &str, timestamp: i64, url: &str) -> String {
    let url = url.split('#').next().unwrap_or(url);
    let mut sha = Sha1::new();
    for part in [
        "jsapi_ticket=",
        jsapi_ticket,
        "&noncestr=",
        noncestr,
        "&timestamp=",
        &timestamp.to_string(),
        "&url=",
        url,
    ] {
        sha.update(part.as_bytes());
    }
    hex::encode(sha.finalize())
}
