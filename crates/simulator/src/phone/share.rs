//! The data that pages passed to WeChat's share APIs.

use serde::Serialize;
use serde_json::Value;

/// An allowed call of a share API.
#[derive(Clone, Serialize)]
pub(crate) struct Share {
    pub(crate) api: String,
    pub(crate) openid: String,
    pub(crate) page: String,
    pub(crate) data: Value,
}

/// The share APIs, by the bridge's names.
pub(super) const SHARE_APIS: [&str; 7] = [
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "sendAppMessage",
    "shareTimeline",
    "shareQQ",
    "shareWeiboApp",
    "shareQZone",
];
