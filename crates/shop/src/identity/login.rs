//! Logs shoppers in with WeChat, and stores their profiles.

use model::{GuestId, OpenId, Shopper, record::ProfileRecord};
use store::{Command, ReadSet, StoreError, UnitOfWork};
use wechat::{
    Website,
    oauth::{Scope, State, authorize_url},
    official::{UserInfo, WebToken},
};

use crate::{Identity, ShopError, ids::nonce};

/// The WeChat account with which a browser logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginAccount {
    /// The official account, in WeChat's own browser.
    Official,
    /// The website application (网站应用), on a computer.
    Website,
}

/// A shopper who has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The openid for the account of the login. [`Identity::shopper_of`] returns the shopper.
    pub openid: OpenId,
}

/// The profile of a shopper who agreed to `snsapi_userinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The shopper's name in WeChat.
    pub nickname: String,
    /// The URL of the shopper's picture in WeChat; may be empty.
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

    /// The URL of WeChat's login page (网页授权).
    #[must_use]
    pub fn authorize_url(&self, redirect_uri: &str, scope: Scope, state: &State) -> String {
        authorize_url(self.endpoints.open(), self.official.appid(), redirect_uri, scope, state)
    }

    /// Whether a website application is configured, so that shoppers can log in on a computer.
    #[must_use]
    pub const fn has_website(&self) -> bool {
        self.website.is_some()
    }

    /// The URL of WeChat's page with the QR code for the login on a computer.
    ///
    /// # Errors
    /// [`ShopError::NoWebsite`].
    pub fn website_login_url(&self, redirect_uri: &str, state: &State) -> Result<String, ShopError> {
        Ok(self.website()?.login_url(self.endpoints.open(), redirect_uri, state))
    }

    fn website(&self) -> Result<&Website, ShopError> {
        self.website.as_ref().ok_or(ShopError::NoWebsite)
    }

    /// The profile of an openid; `None` if the shopper never agreed to share it.
    ///
    /// # Errors
    /// A failing database.
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<Profile>, ShopError> {
        let row = self.store.profile(openid).await?;
        Ok(row.map(|row| Profile { nickname: row.nickname, headimgurl: row.headimgurl }))
    }

    pub(super) async fn exchange(&self, account: LoginAccount, code: &str) -> Result<Login, ShopError> {
        let token = match account {
            LoginAccount::Official => self.official.web_token(code).await,
            LoginAccount::Website => self.website()?.web_token(code).await,
        };
        let token = token.map_err(ShopError::of_login)?;
        if token.is_snapshotuser {
            return Err(ShopError::SnapshotUser);
        }
        let openid: OpenId = token
            .openid
            .parse()
            .map_err(|_| ShopError::BadRequest("WeChat gave an openid of unknown form"))?;
        let mut unionid = token.unionid.clone();
        if token.scope.split(',').any(|scope| [Scope::UserInfo.as_str(), Website::SCOPE].contains(&scope)) {
            match self.fetch_profile(account, &token, &openid).await {
                Ok(info) => unionid = unionid.or(info.unionid),
                // the login succeeds without the profile
                Err(error) => tracing::warn!(%error, "a shopper's profile was not kept"),
            }
        }
        let appid = match account {
            LoginAccount::Official => self.official.appid(),
            LoginAccount::Website => self.website()?.appid(),
        };
        self.join(&openid, appid, unionid.as_deref()).await?;
        Ok(Login { openid })
    }

    async fn fetch_profile(
        &self,
        account: LoginAccount,
        token: &WebToken,
        openid: &OpenId,
    ) -> Result<UserInfo, ProfileError> {
        let info = match (account, &self.website) {
            (LoginAccount::Website, Some(website)) => website.user_info(token).await?,
            _ => self.official.user_info(token).await?,
        };
        let row = ProfileRecord {
            openid: openid.clone(),
            nickname: info.nickname.clone(),
            headimgurl: info.headimgurl.clone(),
            at_ms: self.clock.now_ms(),
        };
        self.store.write(StoreProfile(row)).await?;
        Ok(info)
    }
}

#[derive(Debug, thiserror::Error)]
enum ProfileError {
    #[error(transparent)]
    Wechat(#[from] wechat::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct StoreProfile(ProfileRecord);

impl Command for StoreProfile {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        unit.upsert_profile(self.0.clone());
    }
}
