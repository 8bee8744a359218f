//! The users of this WeChat.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::random;

/// A user. Each service account and each mini program knows the user by another openid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// The openid for the first service account.
    pub(crate) openid: String,
    /// The openid for the first mini program.
    pub(crate) miniprogram_openid: String,
    /// The openids for all other accounts, by appid.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) openids: BTreeMap<String, String>,
    /// The unionid at the default open platform account. If it is empty, WeChat sends an empty one.
    pub(crate) unionid: String,
    /// The unionids at other open platform accounts, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) unionids: BTreeMap<String, String>,
    pub(crate) nickname: String,
    pub(crate) headimgurl: String,
    #[serde(default = "phone")]
    pub(crate) phone: String,
    /// Whether the user has agreed to `snsapi_userinfo`.
    pub(crate) consented: bool,
    /// The appids of the service accounts that the user follows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) follows: BTreeSet<String>,
}

impl User {
    /// Creates a user with random ids.
    pub(crate) fn new(nickname: &str) -> Self {
        let (openid, program, union) =
            (random::alphanumeric(27), random::alphanumeric(27), random::alphanumeric(27));
        Self::with_ids(nickname, &openid, &program, &union)
    }

    /// A new openid.
    pub(crate) fn random_openid() -> String {
        format!("o{}", random::alphanumeric(27))
    }

    /// Whether an account knows the user by this openid.
    pub(crate) fn is(&self, openid: &str) -> bool {
        self.openid == openid
            || self.miniprogram_openid == openid
            || self.openids.values().any(|known| known == openid)
    }

    fn with_ids(nickname: &str, openid: &str, program: &str, union: &str) -> Self {
        Self {
            openid: format!("o{openid}"),
            miniprogram_openid: format!("o{program}"),
            openids: BTreeMap::new(),
            unionid: format!("o{union}"),
            unionids: BTreeMap::new(),
            nickname: nickname.to_owned(),
            headimgurl: "https://thirdwx.qlogo.cn/mmopen/vi_32/xiaodian/132".to_owned(),
            phone: phone(),
            consented: false,
            follows: BTreeSet::new(),
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
