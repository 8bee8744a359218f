//! The accounts of a world: service accounts, mini programs and merchants.

use serde::{Deserialize, Serialize};

use super::{MerchantKeys, OPEN_PLATFORM, PlatformKeys};
use crate::{messages::Template, push::PushSettings, random, user::User};

/// All accounts. `GET /_simulator/account` shows the first service account, mini program, website application and
/// merchant.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Accounts {
    pub(crate) service_accounts: Vec<App>,
    pub(crate) miniprograms: Vec<App>,
    /// Website applications (网站应用): login on a computer.
    #[serde(default)]
    pub(crate) websites: Vec<App>,
    pub(crate) merchants: Vec<Merchant>,
    /// The users at the start.
    pub(crate) users: Vec<User>,
    /// The registered values of the first service account and the first merchant at the start.
    pub(crate) registered: Registered,
}

/// The values that are registered at WeChat. A value that is `None` is derived from the addresses of the world.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Registered {
    pub(crate) oauth_domain: Option<Vec<String>>,
    pub(crate) js_domains: Option<Vec<String>>,
    pub(crate) ip_whitelist: Option<Vec<String>>,
    pub(crate) pay_directories: Option<Vec<String>>,
    pub(crate) h5_domains: Option<Vec<String>>,
    pub(crate) refund_notify_url: Option<String>,
    pub(crate) platform_keys: Option<PlatformKeys>,
}

/// A service account, a mini program or a website application. If a domain list is `None`, the list of `POST /_simulator/account` applies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) appid: String,
    pub(crate) secret: String,
    /// The name on the consent page.
    pub(crate) name: String,
    pub(crate) oauth_domain: Option<Vec<String>>,
    pub(crate) js_domains: Option<Vec<String>>,
    pub(crate) ip_whitelist: Option<Vec<String>>,
    pub(crate) push: PushSettings,
    /// The templates of messages to users.
    #[serde(default)]
    pub(crate) templates: Vec<Template>,
    /// The open platform account to which this account is bound; empty if it is not bound. All accounts of one open
    /// platform account know a user by the same `unionid`.
    #[serde(default = "open_platform")]
    pub(crate) open_platform: String,
}

/// The open platform account of an account in an older state file, which does not have this field.
fn open_platform() -> String {
    OPEN_PLATFORM.to_owned()
}

/// A merchant. If a registered value is `None`, the value of `POST /_simulator/account` applies.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Merchant {
    pub(crate) mch_id: String,
    /// The name on the payment sheet.
    pub(crate) name: String,
    /// The service accounts and mini programs that are bound to the merchant.
    pub(crate) appids: Vec<String>,
    pub(crate) api_v2_key: String,
    pub(crate) api_v3_key: String,
    /// The APIv2 key before the last change, and the key of WeChat's sandbox. The simulator refuses both; the signature
    /// doctor recognizes them.
    pub(crate) previous_api_v2_key: String,
    pub(crate) sandbox_signkey: String,
    #[serde(flatten)]
    pub(crate) keys: MerchantKeys,
    /// WeChat's private key for the merchant's WeChat Pay public key.
    pub(crate) public_key_private_key_pem: String,
    pub(crate) platform_keys: Option<PlatformKeys>,
    pub(crate) pay_directories: Option<Vec<String>>,
    pub(crate) h5_domains: Option<Vec<String>>,
    pub(crate) refund_notify_url: Option<String>,
    /// The merchants for whom this provider (服务商) places orders. If the list is not empty, the merchant is a provider,
    /// and each of its orders must name one of them.
    #[serde(default)]
    pub(crate) sub_merchants: Vec<SubMerchant>,
}

/// A merchant of a provider: 特约商户.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubMerchant {
    pub(crate) mch_id: String,
    /// The service accounts and mini programs that are bound to this sub-merchant.
    #[serde(default)]
    pub(crate) appids: Vec<String>,
}

impl Merchant {
    /// Whether this service account or mini program is bound to the merchant.
    pub(crate) fn is_bound_to(&self, appid: &str) -> bool {
        self.appids.iter().any(|bound| bound == appid)
    }

    /// The APIv3 key as bytes.
    pub(crate) fn api_v3_key(&self) -> &[u8; 32] {
        self.api_v3_key.as_bytes().try_into().expect("each APIv3 key has 32 bytes")
    }
}

#[cfg(test)]
impl Merchant {
    /// The merchant of the demo world.
    pub(crate) fn demo() -> Self {
        Accounts::demo().first_merchant().clone()
    }
}

#[cfg(test)]
impl Accounts {
    /// The accounts of the demo world. All tests share them, because new keys take time.
    pub(crate) fn demo() -> Self {
        static DEMO: std::sync::LazyLock<Accounts> = std::sync::LazyLock::new(|| {
            super::Seed::default().world(&super::Authority::new().unwrap()).unwrap()
        });
        DEMO.clone()
    }
}

impl Accounts {
    pub(crate) fn service_account(&self, appid: &str) -> Option<&App> {
        self.service_accounts.iter().find(|app| app.appid == appid)
    }

    pub(crate) fn miniprogram(&self, appid: &str) -> Option<&App> {
        self.miniprograms.iter().find(|app| app.appid == appid)
    }

    /// The service account or website application of this appid: the accounts with a login in a browser.
    pub(crate) fn login_account(&self, appid: &str) -> Option<&App> {
        self.service_account(appid).or_else(|| self.website(appid))
    }

    pub(crate) fn website(&self, appid: &str) -> Option<&App> {
        self.websites.iter().find(|app| app.appid == appid)
    }

    /// All service accounts, mini programs and website applications.
    pub(crate) fn all_apps(&self) -> impl Iterator<Item = &App> {
        self.apps().chain(&self.websites)
    }

    /// The user's unionid for this account. `None` if the account is not bound to an open platform account.
    pub(crate) fn unionid<'a>(&self, user: &'a User, appid: &str) -> Option<&'a str> {
        let app = self.all_apps().find(|app| app.appid == appid)?;
        match app.open_platform.as_str() {
            "" => None,
            OPEN_PLATFORM => Some(&user.unionid),
            other => user.unionids.get(other).map(String::as_str),
        }
    }

    /// All service accounts and mini programs: the accounts with payments.
    pub(crate) fn apps(&self) -> impl Iterator<Item = &App> {
        self.service_accounts.iter().chain(&self.miniprograms)
    }

    pub(crate) fn merchant(&self, mch_id: &str) -> Option<&Merchant> {
        self.merchants.iter().find(|merchant| merchant.mch_id == mch_id)
    }

    pub(crate) fn first_service_account(&self) -> &App {
        self.service_accounts.first().expect("each world has a service account")
    }

    /// The appid of the first mini program. Empty if there is none.
    pub(crate) fn first_miniprogram(&self) -> &str {
        self.miniprograms.first().map_or("", |app| &app.appid)
    }

    pub(crate) fn first_merchant(&self) -> &Merchant {
        self.merchants.first().expect("each world has a merchant")
    }

    /// The user's openid for this service account or mini program.
    pub(crate) fn openid<'a>(&self, user: &'a User, appid: &str) -> &'a str {
        if let Some(openid) = user.openids.get(appid) {
            openid
        } else if appid == self.first_miniprogram() {
            &user.miniprogram_openid
        } else {
            &user.openid
        }
    }

    /// Moves the registered values of the first service account and the first merchant, so that
    /// `POST /_simulator/account` can change them.
    pub(crate) fn register_the_first(&mut self) {
        if let Some(app) = self.service_accounts.first_mut() {
            self.registered.oauth_domain = app.oauth_domain.take();
            self.registered.js_domains = app.js_domains.take();
            self.registered.ip_whitelist = app.ip_whitelist.take();
        }
        if let Some(merchant) = self.merchants.first_mut() {
            self.registered.pay_directories = merchant.pay_directories.take();
            self.registered.h5_domains = merchant.h5_domains.take();
            self.registered.refund_notify_url = merchant.refund_notify_url.take();
            self.registered.platform_keys = merchant.platform_keys.take();
        }
    }

    /// Sets the user's openid for an account.
    pub(super) fn set_openid(&self, user: &mut User, appid: &str, openid: String) {
        if appid == self.first_service_account().appid {
            user.openid = openid;
        } else if appid == self.first_miniprogram() {
            user.miniprogram_openid = openid;
        } else {
            user.openids.insert(appid.to_owned(), openid);
        }
    }

    /// A new user with an openid for each account.
    pub(crate) fn new_user(&self, nickname: &str) -> User {
        let mut user = User::new(nickname);
        self.introduce(&mut user);
        user
    }

    /// Gives the user the missing openids, one for each account, and the missing unionids, one for each open platform
    /// account.
    pub(crate) fn introduce(&self, user: &mut User) {
        let further = self.service_accounts.iter().skip(1).chain(self.miniprograms.iter().skip(1));
        for app in further.chain(&self.websites) {
            user.openids.entry(app.appid.clone()).or_insert_with(User::random_openid);
        }
        for app in self.all_apps() {
            if ![OPEN_PLATFORM, ""].contains(&app.open_platform.as_str()) {
                let unionid = || format!("o{}", random::alphanumeric(27));
                user.unionids.entry(app.open_platform.clone()).or_insert_with(unionid);
            }
        }
    }

    /// The secrets and keys that are one word, for the request log, which hides them.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let of_apps =
            self.all_apps().flat_map(|app| [&app.secret, &app.push.token, &app.push.encoding_aes_key]);
        let of_merchants = self.merchants.iter().flat_map(|merchant| {
            [
                &merchant.api_v2_key,
                &merchant.api_v3_key,
                &merchant.previous_api_v2_key,
                &merchant.sandbox_signkey,
            ]
        });
        of_apps.chain(of_merchants).cloned().collect()
    }
}
