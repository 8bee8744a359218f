use crate::OpenId;

/// The profile of a shopper who agreed to `snsapi_userinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRecord {
    /// The openid with which the shopper logged in.
    pub openid: OpenId,
    /// The shopper's name in WeChat.
    pub nickname: String,
    /// The URL of the shopper's picture in WeChat; may be empty.
    pub headimgurl: String,
    /// When WeChat sent the profile, ms.
    pub at_ms: i64,
}
