use crate::OpenId;

/// The profile of a shopper who agreed to `snsapi_userinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRecord {
    /// The shopper.
    pub openid: OpenId,
    /// The name in WeChat.
    pub nickname: String,
    /// The picture's address; may be empty.
    pub headimgurl: String,
    /// When WeChat sent the profile, ms.
    pub at_ms: i64,
}
