//! The description of accounts: the file of `--seed` (TOML), and the body of `POST /_simulator/accounts` (JSON).

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use wechat::wire::{
    certificate::Certificate,
    rsa::{PrivateKey, PublicKey},
};

use super::{
    API_V2_KEY, API_V3_KEY, APPID, Accounts, App, Authority, MCH_ID, MERCHANT_NAME, MINIPROGRAM_APPID,
    MINIPROGRAM_PUSH_AES_KEY, MINIPROGRAM_PUSH_TOKEN, MINIPROGRAM_SECRET, Merchant, MerchantKeys,
    OPEN_PLATFORM, PREVIOUS_API_V2_KEY, PUSH_AES_KEY, PUSH_TOKEN, PlatformKeys, SANDBOX_SIGNKEY, SECRET,
    WEBSITE_APPID, WEBSITE_SECRET, accounts::Registered, accounts::SubMerchant, check_directories,
    check_domains,
};
use crate::{
    messages::{Template, TemplateSeed, demo_templates, templates},
    push::{PushFormat, PushSeed},
    random,
    user::User,
};

/// Accounts to create: service accounts, mini programs, website applications, merchants and users.
///
/// A missing list is the list of the demo world. A missing secret or key is random.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    service_accounts: Option<Vec<ServiceAccountSeed>>,
    miniprograms: Option<Vec<MiniprogramSeed>>,
    websites: Option<Vec<WebsiteSeed>>,
    merchants: Option<Vec<MerchantSeed>>,
    users: Option<Vec<UserSeed>>,
}

/// Why the simulator refuses a seed: one line that says where the mistake is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceAccountSeed {
    appid: String,
    secret: Option<String>,
    name: Option<String>,
    oauth_domain: Option<Vec<String>>,
    js_domains: Option<Vec<String>>,
    ip_whitelist: Option<Vec<String>>,
    push: Option<PushSeed>,
    templates: Option<Vec<TemplateSeed>>,
    /// The name of the open platform account. Empty means that the account is not bound to one.
    open_platform: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebsiteSeed {
    appid: String,
    secret: Option<String>,
    name: Option<String>,
    oauth_domain: Option<Vec<String>>,
    open_platform: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MiniprogramSeed {
    appid: String,
    secret: Option<String>,
    name: Option<String>,
    push: Option<PushSeed>,
    templates: Option<Vec<TemplateSeed>>,
    open_platform: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MerchantSeed {
    mch_id: String,
    name: Option<String>,
    /// The bound accounts. `None` binds all service accounts and mini programs.
    appids: Option<Vec<String>>,
    api_v2_key: Option<String>,
    api_v3_key: Option<String>,
    previous_api_v2_key: Option<String>,
    sandbox_signkey: Option<String>,
    /// The private key and its certificate in PEM. A seed must have both or neither.
    private_key: Option<String>,
    certificate: Option<String>,
    public_key_id: Option<String>,
    platform_keys: Option<PlatformKeys>,
    pay_directories: Option<Vec<String>>,
    h5_domains: Option<Vec<String>>,
    refund_notify_url: Option<String>,
    /// If the list is not empty, the merchant is a provider (服务商).
    #[serde(default)]
    sub_merchants: Vec<SubMerchant>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserSeed {
    nickname: String,
    phone: Option<String>,
    /// The openid for each appid. Missing ones are random.
    #[serde(default)]
    openids: BTreeMap<String, String>,
    /// The unionid at the default open platform account. `None` makes a random one. If it is empty, WeChat sends an
    /// empty one.
    unionid: Option<String>,
    /// The appids of the service accounts that the user follows.
    #[serde(default)]
    follows: Vec<String>,
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed").finish_non_exhaustive()
    }
}

fn error(place: &str, why: impl fmt::Display) -> SeedError {
    SeedError(format!("{place}: {why}"))
}

impl Seed {
    /// Reads a seed file.
    ///
    /// # Errors
    /// [`SeedError`] with the line of the mistake, for example an unknown key.
    pub fn from_toml(text: &str) -> Result<Self, SeedError> {
        toml::from_str(text).map_err(|wrong: toml::de::Error| {
            let before = text.get(..wrong.span().map_or(0, |span| span.start)).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            error(&format!("line {line}"), wrong.message().replace('\n', ", "))
        })
    }

    /// The accounts of a new world. Missing lists come from the demo world.
    pub(crate) fn world(self, authority: &Authority) -> Result<Accounts, SeedError> {
        let demo = Self::demo();
        let mut accounts = Accounts {
            service_accounts: Vec::new(),
            miniprograms: Vec::new(),
            websites: Vec::new(),
            merchants: Vec::new(),
            users: if self.users.is_none() { User::demo() } else { Vec::new() },
            registered: Registered::default(),
        };
        let full = Self {
            service_accounts: self.service_accounts.or(demo.service_accounts),
            miniprograms: self.miniprograms.or(demo.miniprograms),
            websites: self.websites.or(demo.websites),
            merchants: self.merchants.or(demo.merchants),
            users: self.users,
        };
        full.add_to(&mut accounts, authority)?;
        let mut users = std::mem::take(&mut accounts.users);
        users.iter_mut().for_each(|user| accounts.introduce(user));
        accounts.users = users;
        for (name, is_empty) in [
            ("service_accounts", accounts.service_accounts.is_empty()),
            ("merchants", accounts.merchants.is_empty()),
            ("users", accounts.users.is_empty()),
        ] {
            if is_empty {
                return Err(error(name, "a world needs at least one"));
            }
        }
        accounts.register_the_first();
        Ok(accounts)
    }

    /// Adds the accounts. After an error `accounts` is incomplete, so pass a copy.
    pub(crate) fn add_to(self, accounts: &mut Accounts, authority: &Authority) -> Result<(), SeedError> {
        for (number, seed) in self.service_accounts.into_iter().flatten().enumerate() {
            let place = format!("service_accounts[{number}]");
            let app = seed.build(&place)?;
            check_new_appid(accounts, &app, &place)?;
            accounts.service_accounts.push(app);
        }
        for (number, seed) in self.miniprograms.into_iter().flatten().enumerate() {
            let place = format!("miniprograms[{number}]");
            let mut app = app(&place, seed.appid, seed.secret, seed.name, seed.push)?;
            app.templates = build_templates(&place, seed.templates, true)?;
            app.open_platform = seed.open_platform.unwrap_or(app.open_platform);
            check_new_appid(accounts, &app, &place)?;
            accounts.miniprograms.push(app);
        }
        for (number, seed) in self.websites.into_iter().flatten().enumerate() {
            let place = format!("websites[{number}]");
            let app = seed.build(&place)?;
            check_new_appid(accounts, &app, &place)?;
            accounts.websites.push(app);
        }
        for (number, seed) in self.merchants.into_iter().flatten().enumerate() {
            let place = format!("merchants[{number}]");
            let merchant = seed.build(&place, accounts, authority)?;
            accounts.merchants.push(merchant);
        }
        let known: Vec<String> = accounts.all_apps().map(|app| app.appid.clone()).collect();
        for (number, seed) in self.users.into_iter().flatten().enumerate() {
            let place = format!("users[{number}]");
            let mut user = accounts.new_user(&seed.nickname);
            for (appid, openid) in seed.openids {
                if !known.contains(&appid) {
                    return Err(error(
                        &format!("{place}.openids"),
                        format!("{appid} is not an account here"),
                    ));
                }
                if openid.is_empty() || openid.len() > 128 {
                    return Err(error(&format!("{place}.openids"), "an openid has 1 to 128 characters"));
                }
                if accounts.users.iter().any(|other| other.is(&openid)) {
                    return Err(error(&format!("{place}.openids"), format!("{openid} is used twice")));
                }
                accounts.set_openid(&mut user, &appid, openid);
            }
            if let Some(unknown) = seed.follows.iter().find(|appid| accounts.service_account(appid).is_none())
            {
                return Err(error(
                    &format!("{place}.follows"),
                    format!("{unknown} is not a service account here"),
                ));
            }
            user.follows = seed.follows.into_iter().collect();
            user.phone = seed.phone.unwrap_or(user.phone);
            user.unionid = seed.unionid.unwrap_or(user.unionid);
            accounts.users.push(user);
        }
        Ok(())
    }

    /// The demo world.
    fn demo() -> Self {
        let some = |text: &str| Some(text.to_owned());
        Self {
            service_accounts: Some(vec![ServiceAccountSeed {
                appid: APPID.to_owned(),
                secret: some(SECRET),
                name: some(MERCHANT_NAME),
                push: Some(PushSeed {
                    token: some(PUSH_TOKEN),
                    encoding_aes_key: some(PUSH_AES_KEY),
                    ..PushSeed::default()
                }),
                templates: Some(demo_templates(false)),
                ..ServiceAccountSeed::default()
            }]),
            miniprograms: Some(vec![MiniprogramSeed {
                appid: MINIPROGRAM_APPID.to_owned(),
                secret: some(MINIPROGRAM_SECRET),
                name: some(MERCHANT_NAME),
                push: Some(PushSeed {
                    token: some(MINIPROGRAM_PUSH_TOKEN),
                    encoding_aes_key: some(MINIPROGRAM_PUSH_AES_KEY),
                    format: Some(PushFormat::Json),
                    ..PushSeed::default()
                }),
                templates: Some(demo_templates(true)),
                ..MiniprogramSeed::default()
            }]),
            websites: Some(vec![WebsiteSeed {
                appid: WEBSITE_APPID.to_owned(),
                secret: some(WEBSITE_SECRET),
                name: some(MERCHANT_NAME),
                ..WebsiteSeed::default()
            }]),
            merchants: Some(vec![MerchantSeed {
                mch_id: MCH_ID.to_owned(),
                name: some(MERCHANT_NAME),
                api_v2_key: some(API_V2_KEY),
                api_v3_key: some(API_V3_KEY),
                previous_api_v2_key: some(PREVIOUS_API_V2_KEY),
                sandbox_signkey: some(SANDBOX_SIGNKEY),
                ..MerchantSeed::default()
            }]),
            users: None,
        }
    }
}

fn check_new_appid(accounts: &Accounts, app: &App, place: &str) -> Result<(), SeedError> {
    match accounts.all_apps().find(|known| known.appid == app.appid) {
        Some(known) => Err(error(place, format!("the appid {} is used twice", known.appid))),
        None => Ok(()),
    }
}

fn app(
    place: &str,
    appid: String,
    secret: Option<String>,
    name: Option<String>,
    push: Option<PushSeed>,
) -> Result<App, SeedError> {
    let rest = appid.strip_prefix("wx").unwrap_or_default();
    if rest.len() != 16 || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(error(
            &format!("{place}.appid"),
            format!("{appid:?} is not wx and 16 letters or digits"),
        ));
    }
    Ok(App {
        secret: key(place, "secret", secret)?,
        name: name.unwrap_or_else(|| appid.clone()),
        appid,
        oauth_domain: None,
        js_domains: None,
        ip_whitelist: None,
        push: push
            .unwrap_or_default()
            .build()
            .map_err(|(field, why)| error(&format!("{place}.push.{field}"), why))?,
        templates: Vec::new(),
        open_platform: OPEN_PLATFORM.to_owned(),
    })
}

/// The templates of an account. The templates of the demo accounts belong to these accounts only.
fn build_templates(
    place: &str,
    seeds: Option<Vec<TemplateSeed>>,
    is_miniprogram: bool,
) -> Result<Vec<Template>, SeedError> {
    templates(seeds.unwrap_or_default(), is_miniprogram)
        .map_err(|(name, why)| error(&format!("{place}.{name}"), why))
}

/// A secret or key of 32 characters. Random if it is missing.
fn key(place: &str, name: &str, given: Option<String>) -> Result<String, SeedError> {
    match given {
        None => Ok(random::alphanumeric(32)),
        Some(key) if key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(key),
        // the value is a secret, so the line does not show it
        Some(_) => Err(error(&format!("{place}.{name}"), "write 32 letters or digits")),
    }
}

impl ServiceAccountSeed {
    fn build(self, place: &str) -> Result<App, SeedError> {
        for (name, domains) in [("oauth_domain", &self.oauth_domain), ("js_domains", &self.js_domains)] {
            let checked = domains.as_deref().map_or(Ok(()), check_domains);
            checked.map_err(|why| error(&format!("{place}.{name}"), why))?;
        }
        let app = app(place, self.appid, self.secret, self.name, self.push)?;
        Ok(App {
            oauth_domain: self.oauth_domain,
            js_domains: self.js_domains,
            ip_whitelist: self.ip_whitelist,
            templates: build_templates(place, self.templates, false)?,
            open_platform: self.open_platform.unwrap_or(app.open_platform),
            ..app
        })
    }
}

impl WebsiteSeed {
    fn build(self, place: &str) -> Result<App, SeedError> {
        let checked = self.oauth_domain.as_deref().map_or(Ok(()), check_domains);
        checked.map_err(|why| error(&format!("{place}.oauth_domain"), why))?;
        let app = app(place, self.appid, self.secret, self.name, None)?;
        Ok(App {
            oauth_domain: self.oauth_domain,
            open_platform: self.open_platform.unwrap_or(app.open_platform),
            ..app
        })
    }
}

impl MerchantSeed {
    fn build(self, place: &str, accounts: &Accounts, authority: &Authority) -> Result<Merchant, SeedError> {
        let at = |name: &str| format!("{place}.{name}");
        if !(8..=10).contains(&self.mch_id.len()) || !self.mch_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error(&at("mch_id"), format!("{:?} is not a number of 8 to 10 digits", self.mch_id)));
        }
        if accounts.merchant(&self.mch_id).is_some() {
            return Err(error(place, format!("the mch_id {} is used twice", self.mch_id)));
        }
        let all = || accounts.apps().map(|app| app.appid.clone()).collect();
        let appids: Vec<String> = self.appids.clone().unwrap_or_else(all);
        if let Some(appid) = appids.iter().find(|appid| accounts.apps().all(|app| app.appid != **appid)) {
            return Err(error(&at("appids"), format!("{appid} is not an account here")));
        }
        let checked = self.pay_directories.as_deref().map_or(Ok(()), check_directories);
        checked.map_err(|why| error(&at("pay_directories"), why))?;
        let checked = self.h5_domains.as_deref().map_or(Ok(()), check_domains);
        checked.map_err(|why| error(&at("h5_domains"), why))?;
        if let Some(url) = self.refund_notify_url.as_deref().filter(|url| !crate::pay::notify_url(url)) {
            return Err(error(&at("refund_notify_url"), format!("{url:?} is not a notify_url")));
        }
        if let Some(id) = self.public_key_id.as_deref().filter(|id| !id.starts_with("PUB_KEY_ID_")) {
            return Err(error(&at("public_key_id"), format!("{id:?} does not begin with PUB_KEY_ID_")));
        }
        self.check_sub_merchants(accounts).map_err(|why| error(&at("sub_merchants"), why))?;
        let (merchant_serial, merchant_private_key_pem, merchant_cert_pem) =
            self.certificate(place, authority)?;
        let (random_id, public_key_pem, public_key_private_key_pem) =
            authority.wechat_pay_public_key(&self.mch_id).map_err(|why| error(place, why))?;
        let keys = MerchantKeys {
            merchant_serial,
            merchant_private_key_pem,
            merchant_cert_pem,
            public_key_id: self.public_key_id.unwrap_or(random_id),
            public_key_pem,
        };
        let is_used = |known: &Merchant| {
            known.keys.public_key_id == keys.public_key_id
                || known.keys.merchant_serial == keys.merchant_serial
        };
        if let Some(other) = accounts.merchants.iter().find(|known| is_used(known)) {
            let why = format!("the certificate or the public key id is that of {}", other.mch_id);
            return Err(error(place, why));
        }
        Ok(Merchant {
            name: self.name.unwrap_or_else(|| self.mch_id.clone()),
            mch_id: self.mch_id,
            appids,
            api_v2_key: key(place, "api_v2_key", self.api_v2_key)?,
            api_v3_key: key(place, "api_v3_key", self.api_v3_key)?,
            previous_api_v2_key: key(place, "previous_api_v2_key", self.previous_api_v2_key)?,
            sandbox_signkey: key(place, "sandbox_signkey", self.sandbox_signkey)?,
            keys,
            public_key_private_key_pem,
            platform_keys: self.platform_keys,
            pay_directories: self.pay_directories,
            h5_domains: self.h5_domains,
            refund_notify_url: self.refund_notify_url,
            sub_merchants: self.sub_merchants,
        })
    }

    fn check_sub_merchants(&self, accounts: &Accounts) -> Result<(), String> {
        for (n, sub) in self.sub_merchants.iter().enumerate() {
            if sub.mch_id == self.mch_id {
                return Err(format!("{} is the provider itself", sub.mch_id));
            }
            if self.sub_merchants[..n].iter().any(|other| other.mch_id == sub.mch_id) {
                return Err(format!("{} is there twice", sub.mch_id));
            }
            if let Some(appid) =
                sub.appids.iter().find(|appid| accounts.apps().all(|app| app.appid != **appid))
            {
                return Err(format!("{appid} is not an account here"));
            }
        }
        Ok(())
    }

    /// The serial number, the private key and the certificate, given or new.
    fn certificate(&self, place: &str, authority: &Authority) -> Result<(String, String, String), SeedError> {
        let (key_pem, cert_pem) = match (&self.private_key, &self.certificate) {
            (None, None) => {
                return authority.merchant(&self.mch_id).map_err(|why| error(place, why));
            }
            (Some(key), Some(certificate)) => (key, certificate),
            (Some(_), None) => return Err(error(place, "private_key needs its certificate")),
            (None, Some(_)) => return Err(error(place, "certificate needs its private_key")),
        };
        let at = |name: &str| format!("{place}.{name}");
        let key = PrivateKey::from_pem(key_pem).map_err(|why| error(&at("private_key"), why))?;
        let certificate = Certificate::from_pem(cert_pem).map_err(|why| error(&at("certificate"), why))?;
        if !fit(&key, &certificate.public_key) {
            return Err(error(&at("certificate"), "it does not fit private_key"));
        }
        Ok((certificate.serial_no, key_pem.clone(), cert_pem.clone()))
    }
}

/// Whether the private key belongs to the public key.
fn fit(private: &PrivateKey, public: &PublicKey) -> bool {
    const PROBE: &[u8] = b"probe";
    public.verify(PROBE, &private.sign(PROBE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(text: &str) -> Result<Accounts, SeedError> {
        Seed::from_toml(text)?.world(&Authority::new().unwrap())
    }

    /// The line that refuses this seed.
    #[track_caller]
    fn refusal(text: &str) -> String {
        let Err(error) = world(text) else { panic!("accepted: {text}") };
        let line = error.to_string();
        assert!(!line.contains('\n'), "{line}");
        line
    }

    #[test]
    fn a_missing_list_is_that_of_the_demo_world() {
        let accounts = world("[[merchants]]\nmch_id = \"1900000999\"").unwrap();
        let merchant = accounts.first_merchant();
        assert_eq!((accounts.merchants.len(), merchant.mch_id.as_str()), (1, "1900000999"));
        assert_eq!(merchant.appids, [APPID, MINIPROGRAM_APPID]);
        assert_eq!((merchant.api_v2_key.len(), merchant.api_v3_key.len()), (32, 32));
        assert_ne!(merchant.api_v2_key, merchant.api_v3_key);
        assert_eq!(accounts.users.len(), 3);
    }

    #[test]
    fn each_mistake_in_a_seed_is_one_line_that_says_where() {
        let merchant = |lines: &str| format!("[[merchants]]\nmch_id = \"1900000999\"\n{lines}");
        for (text, expected) in [
            (merchant("mchid = \"1\""), "line 3: unknown field `mchid`"),
            ("shop = 1".to_owned(), "line 1: unknown field `shop`"),
            ("[[merchants]]\nmch_id = ".to_owned(), "line 2: "),
            (merchant(&merchant("")), "merchants[1]: the mch_id 1900000999 is used twice"),
            (merchant("appids = [\"wx0000000000000000\"]"), "merchants[0].appids: wx0000000000000000 is not"),
            (merchant("api_v2_key = \"short\""), "merchants[0].api_v2_key: write 32 letters or digits"),
            (merchant("certificate = \"x\""), "merchants[0]: certificate needs its private_key"),
            (merchant("pay_directories = [\"a\"]"), "merchants[0].pay_directories: \"a\" does not"),
            ("[[merchants]]\nmch_id = \"12\"".to_owned(), "merchants[0].mch_id: \"12\" is not a number"),
            ("[[websites]]\nappid = \"wx1\"".to_owned(), "websites[0].appid: \"wx1\" is not"),
            (format!("[[websites]]\nappid = \"{APPID}\""), "websites[0]: the appid"),
            ("[[miniprograms]]\nappid = \"wx1\"".to_owned(), "miniprograms[0].appid: \"wx1\" is not"),
            (format!("[[miniprograms]]\nappid = \"{APPID}\""), "miniprograms[0]: the appid"),
            ("merchants = []".to_owned(), "merchants: a world needs at least one"),
            ("[[users]]\nnickname = \"A\"\nopenids = {wx1 = \"o\"}".to_owned(), "users[0].openids: wx1"),
            ("[[users]]\nnickname = \"A\"\nfollows = [\"wx1\"]".to_owned(), "users[0].follows: wx1"),
            (
                "[[miniprograms]]\nappid = \"wx0000000000000001\"\ntemplates = [{ title = \"t\", fields = [] }]"
                    .to_owned(),
                "miniprograms[0].templates[0].fields: a template has",
            ),
        ] {
            let line = refusal(&text);
            assert!(line.starts_with(expected), "{line}");
        }
    }

    #[test]
    fn a_certificate_must_fit_its_key() {
        let authority = Authority::new().unwrap();
        let (serial, key, certificate) = authority.merchant("1900000999").unwrap();
        let (_, other_key, _) = authority.merchant("1900000999").unwrap();
        let seed = |key: &str| {
            format!(
                "[[merchants]]\nmch_id = \"1900000999\"\nprivate_key = '''{key}'''\ncertificate = '''{certificate}'''"
            )
        };
        assert_eq!(world(&seed(&key)).unwrap().first_merchant().keys.merchant_serial, serial);
        assert_eq!(refusal(&seed(&other_key)), "merchants[0].certificate: it does not fit private_key");
        let swapped = refusal(&seed(&certificate));
        assert!(swapped.starts_with("merchants[0].private_key: "), "{swapped}");
    }
}
