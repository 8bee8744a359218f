//! What pages gave WeChat to share.

use serde::Serialize;
use serde_json::Value;

/// One call of a share API that was let through.
#[derive(Clone, Serialize)]
pub(crate) struct Share {
    pub(crate) api: String,
    pub(crate) openid: String,
    pub(crate) page: String,
    pub(crate) data: Value,
}

/// The bridge's names of the share APIs, with what each hands over.
pub(super) const SHARE_APIS: [&str; 7] = [
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "sendAppMessage",
    "shareTimeline",
    "shareQQ",
    "shareWeiboApp",
    "shareQZone",
];
