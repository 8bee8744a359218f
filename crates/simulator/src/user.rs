//! The users of this WeChat.

use serde::{Deserialize, Serialize};

use crate::{account::MINIPROGRAM_APPID, random};

/// A user. The service account and the mini program know the user by different openids.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// For the service account.
    pub(crate) openid: String,
    /// For the mini program.
    pub(crate) miniprogram_openid: String,
    pub(crate) unionid: String,
    pub(crate) nickname: String,
    pub(crate) headimgurl: String,
    #[serde(default = "phone")]
    pub(crate) phone: String,
    /// Whether the user has agreed to `snsapi_userinfo`.
    pub(crate) consented: bool,
}

impl User {
    /// Creates a user with random ids.
    pub(crate) fn new(nickname: &str) -> Self {
        let (openid, program, union) =
            (random::alphanumeric(27), random::alphanumeric(27), random::alphanumeric(27));
        Self::with_ids(nickname, &openid, &program, &union)
    }

    /// The user's openid for this `appid`.
    pub(crate) fn openid_of(&self, appid: &str) -> &str {
        if appid == MINIPROGRAM_APPID { &self.miniprogram_openid } else { &self.openid }
    }

    fn with_ids(nickname: &str, openid: &str, program: &str, union: &str) -> Self {
        Self {
            openid: format!("o{openid}"),
            miniprogram_openid: format!("o{program}"),
            unionid: format!("o{union}"),
            nickname: nickname.to_owned(),
            headimgurl: "https://thirdwx.qlogo.cn/mmopen/vi_32/xiaodian/132".to_owned(),
            phone: phone(),
            consented: false,
        }
    }

    /// The users that always exist. The first one is the demo user.
    pub(crate) fn demo() -> Vec<Self> {
        [("小明", "A"), ("小红", "B"), ("阿强", "C")]
            .map(|(nickname, letter)| {
                Self::with_ids(
                    nickname,
                    &format!("UpF8uMuAJO-M2pxb1Q9zNjWeS{letter}o"),
                    &format!("MpK3vNtBLP_R4qyc2W8zOkXfT{letter}o"),
                    &format!("6_bmasdasdsad6_2sgVt7hMZO{letter}M"),
                )
            })
            .into()
    }
}

/// A fictional phone number.
fn phone() -> String {
    format!("1380013{}", random::digits(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_openid_has_28_characters() {
        for user in User::demo().into_iter().chain([User::new("新人")]) {
            assert_eq!([user.openid.len(), user.miniprogram_openid.len(), user.unionid.len()], [28; 3]);
        }
    }
}
