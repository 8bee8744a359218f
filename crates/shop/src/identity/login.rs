//! Login with WeChat.

use model::{GuestId, OpenId, Shopper, record::ProfileRecord};
use store::{Command, ReadSet, StoreError, UnitOfWork};
use wechat::{
    oauth::{Scope, State, authorize_url},
    official::WebToken,
};

use crate::{Identity, ShopError, ids::nonce};

/// A shopper who has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Who.
    pub openid: OpenId,
}

/// The profile of a shopper who agreed to `snsapi_userinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name in WeChat.
    pub nickname: String,
    /// The picture's address; may be empty.
    pub headimgurl: String,
}

impl Identity {
    /// A new guest: a visitor outside WeChat.
    ///
    /// # Panics
    /// Never: a nonce consists of letters and digits.
    #[must_use]
    pub fn new_guest(&self) -> Shopper {
        let guest: GuestId = nonce(&*self.ids).parse().expect("32 letters and digits are a guest id");
        guest.into()
    }

    /// The address of WeChat's login page.
    #[must_use]
    pub fn authorize_url(&self, redirect_uri: &str, scope: Scope, state: &State) -> String {
        authorize_url(self.endpoints.open(), self.official.appid(), redirect_uri, scope, state)
    }

    /// The profile of a shopper; `None` if the shopper never agreed to share it.
    ///
    /// # Errors
    /// A failing database.
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<Profile>, ShopError> {
        let row = self.store.profile(openid).await?;
        Ok(row.map(|row| Profile { nickname: row.nickname, headimgurl: row.headimgurl }))
    }

    pub(super) async fn exchange(&self, code: &str) -> Result<Login, ShopError> {
        let token = self.official.web_token(code).await.map_err(ShopError::of_login)?;
        if token.is_snapshotuser {
            return Err(ShopError::SnapshotUser);
        }
        let openid: OpenId = token
            .openid
            .parse()
            .map_err(|_| ShopError::BadRequest("WeChat gave an openid of unknown form"))?;
        if token.scope.split(',').any(|scope| scope == Scope::UserInfo.as_str())
            && let Err(error) = self.learn(&token, &openid).await
        {
            // the login succeeds without the profile
            tracing::warn!(%error, "a shopper's profile was not kept");
        }
        Ok(Login { openid })
    }

    async fn learn(&self, token: &WebToken, openid: &OpenId) -> Result<(), LearnError> {
        let info = self.official.user_info(token).await?;
        let row = ProfileRecord {
            openid: openid.clone(),
            nickname: info.nickname,
            headimgurl: info.headimgurl,
            at_ms: self.clock.now_ms(),
        };
        Ok(self.store.write(Learned(row)).await?)
    }
}

#[derive(Debug, thiserror::Error)]
enum LearnError {
    #[error(transparent)]
    Wechat(#[from] wechat::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Learned(ProfileRecord);

impl Command for Learned {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        unit.upsert_profile(self.0.clone());
    }
}
