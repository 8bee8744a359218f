use model::payment::SignType;
use shop::{PayApi, PushReceivers};
use wechat::{
    Endpoints, Secret, TokenMode,
    pay::SubMerchant,
    push::{EncodingAesKey, PushMode, PushReceiver},
};

use super::{environment::Environment, pay_v3::PayV3};

/// The accounts, the merchant and WeChat's addresses.
#[derive(Clone, Debug)]
pub struct WechatConfig {
    /// `WECHAT_APPID`, or in partner mode `WECHAT_SUB_APPID`: the account where shoppers log in.
    pub appid: String,
    /// `WECHAT_SECRET`: the AppSecret of this account.
    pub secret: Secret,
    /// `WECHAT_TOKEN_MODE`: the call that returns the access token.
    pub token_mode: TokenMode,
    /// `WECHAT_MINIPROGRAM_APPID`, `WECHAT_MINIPROGRAM_SECRET`; `None` without a mini program.
    pub miniprogram: Option<(String, Secret)>,
    /// `WECHAT_WEBSITE_APPID`, `WECHAT_WEBSITE_SECRET`: the website application (网站应用), for the login on a computer.
    pub website: Option<(String, Secret)>,
    /// `WECHAT_PUSH_TOKEN`, `WECHAT_PUSH_AES_KEY`, and the same for the mini program: the settings of pushed messages.
    pub pushes: PushReceivers,
    /// `WECHAT_MCH_ID`; in partner mode (服务商) the provider's.
    pub mch_id: String,
    /// `WECHAT_SUB_MCH_ID`: the merchant for whom the provider places the orders, in partner mode.
    pub sub_merchant: Option<SubMerchant>,
    /// `WECHAT_PAY_API`, `WECHAT_SIGN_TYPE`: the API of new payments.
    pub pay_api: PayApi,
    /// `WECHAT_API_V2_KEY`; `None` without Pay V2.
    pub api_v2_key: Option<Secret>,
    /// The configuration of Pay V3; `None` without Pay V3.
    pub pay_v3: Option<PayV3>,
    /// `WECHAT_MERCHANT_CERT_FILE`, `WECHAT_MERCHANT_KEY_FILE`: the client certificate of V2 refunds.
    pub client_certificate: Option<(String, Secret)>,
    /// `WECHAT_OPEN_URL`, `WECHAT_API_URL`, `WECHAT_MCH_URL`, `WECHAT_MCH_BACKUP_URL`, `WECHAT_JSSDK_URL`.
    pub endpoints: Endpoints,
    /// `WECHAT_CA_FILE`: an additional trusted certificate authority.
    pub ca_pem: Option<String>,
}

/// The path of the JS-SDK's script on its host.
const JSSDK_PATH: &str = "/open/js/jweixin-1.6.0.js";

/// The length of an APIv2 key, in characters.
const V2_KEY: usize = 32;

impl WechatConfig {
    pub(super) fn read(env: &mut Environment) -> Self {
        let appid = env.required("WECHAT_APPID", "the official account's AppID, wx and 16 characters");
        let secret = env.required("WECHAT_SECRET", "the official account's AppSecret");
        let mch_id = env.required("WECHAT_MCH_ID", "the merchant number of WeChat Pay, digits");
        let (appid, sub_merchant) = partner_mode(env, appid, &mch_id);
        let certificate = env.file("WECHAT_MERCHANT_CERT_FILE");
        let key = env.file("WECHAT_MERCHANT_KEY_FILE").map(Secret::new);
        let miniprogram = account(
            env,
            ["WECHAT_MINIPROGRAM_APPID", "WECHAT_MINIPROGRAM_SECRET"],
            "a mini program has both an AppID and an AppSecret",
        );
        let website = account(
            env,
            ["WECHAT_WEBSITE_APPID", "WECHAT_WEBSITE_SECRET"],
            "a website application (网站应用) has both an AppID and an AppSecret",
        );
        if website.as_ref().is_some_and(|(website, _)| *website == appid) {
            let what = "the AppID of a website application (网站应用) of open.weixin.qq.com, not the official account's";
            env.wrong("WECHAT_WEBSITE_APPID", what);
        }
        let pushes = PushReceivers {
            official: push_receiver(env, Some(&appid), ["WECHAT_PUSH_TOKEN", "WECHAT_PUSH_AES_KEY"]),
            miniprogram: push_receiver(
                env,
                miniprogram.as_ref().map(|(appid, _)| &**appid),
                ["WECHAT_MINIPROGRAM_PUSH_TOKEN", "WECHAT_MINIPROGRAM_PUSH_AES_KEY"],
            ),
        };
        Self {
            secret: Secret::new(secret),
            token_mode: token_mode(env),
            miniprogram,
            website,
            pushes,
            pay_api: pay_api(env),
            api_v2_key: api_v2_key(env),
            pay_v3: PayV3::read(env, &mch_id, certificate.as_deref(), key.as_ref()),
            client_certificate: certificate.zip(key),
            endpoints: endpoints(env),
            ca_pem: env.file("WECHAT_CA_FILE"),
            appid,
            mch_id,
            sub_merchant,
        }
    }
}

/// The account where shoppers log in, and, in partner mode, the merchant for whom the provider (服务商) places the orders.
fn partner_mode(env: &mut Environment, appid: String, mch_id: &str) -> (String, Option<SubMerchant>) {
    let own_account = env.text("WECHAT_SUB_APPID").map(str::to_owned);
    let Some(sub_mch_id) = env.text("WECHAT_SUB_MCH_ID").map(str::to_owned) else {
        if own_account.is_some() {
            env.wrong(
                "WECHAT_SUB_APPID",
                "set WECHAT_SUB_MCH_ID too, or neither: both are for partner mode (服务商)",
            );
        }
        return (appid, None);
    };
    if sub_mch_id == mch_id || !sub_mch_id.bytes().all(|byte| byte.is_ascii_digit()) {
        let what = "the number of the merchant (特约商户), digits; WECHAT_MCH_ID is the provider's (服务商)";
        env.wrong("WECHAT_SUB_MCH_ID", what);
    }
    let sub = SubMerchant { mch_id: sub_mch_id, provider_appid: appid.clone() };
    (own_account.unwrap_or(appid), Some(sub))
}

fn token_mode(env: &mut Environment) -> TokenMode {
    match env.text_or("WECHAT_TOKEN_MODE", "stable").as_str() {
        "classic" => return TokenMode::Classic,
        "stable" => {}
        _ => env.wrong("WECHAT_TOKEN_MODE", "stable or classic"),
    }
    TokenMode::Stable
}

/// The AppID and the AppSecret of an optional account. `None` if both are unset.
fn account(env: &mut Environment, names: [&'static str; 2], what: &'static str) -> Option<(String, Secret)> {
    if names.iter().all(|name| env.text(name).is_none()) {
        return None;
    }
    let [appid, secret] = names.map(|name| env.required(name, what));
    Some((appid, Secret::new(secret)))
}

/// The receiver of an account's pushed messages; `None` if its token is unset. Without a key the account sends plain
/// messages.
fn push_receiver(
    env: &mut Environment,
    appid: Option<&str>,
    [token_name, key_name]: [&'static str; 2],
) -> Option<PushReceiver> {
    let (token, key) = (env.text(token_name).map(str::to_owned), env.text(key_name).map(str::to_owned));
    let Some(token) = token else {
        if key.is_some() {
            env.wrong(token_name, "the token of the account's message settings: a key is set without it");
        }
        return None;
    };
    let Some(appid) = appid else {
        env.wrong(token_name, "it needs WECHAT_MINIPROGRAM_APPID");
        return None;
    };
    if !(3..=32).contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        env.wrong(token_name, "3 to 32 letters and digits, as in the account's message settings");
    }
    let mode = match key.map(|key| EncodingAesKey::parse(&key)) {
        None => PushMode::Plain,
        Some(Ok(key)) => PushMode::Encrypted(key),
        Some(Err(_)) => {
            env.wrong(
                key_name,
                "the EncodingAESKey of the account's message settings, 43 letters and digits",
            );
            return None;
        }
    };
    Some(PushReceiver::new(appid, token, mode))
}

fn pay_api(env: &mut Environment) -> PayApi {
    let sign_type: SignType = env.parse_or("WECHAT_SIGN_TYPE", "HMAC-SHA256", "MD5 or HMAC-SHA256");
    match env.text_or("WECHAT_PAY_API", "v2").as_str() {
        "v3" => return PayApi::V3,
        "v2" => {}
        _ => env.wrong("WECHAT_PAY_API", "v2 or v3"),
    }
    PayApi::V2(sign_type)
}

fn api_v2_key(env: &mut Environment) -> Option<Secret> {
    const NAME: &str = "WECHAT_API_V2_KEY";
    let key = if env.text_or("WECHAT_PAY_API", "v2") == "v2" {
        env.required(NAME, "the APIv2 key of the merchant platform, 32 characters (WECHAT_PAY_API is v2)")
    } else {
        env.text_or(NAME, "")
    };
    if !key.is_empty() && key.len() != V2_KEY {
        env.wrong(NAME, "copy the whole key, 32 characters");
    }
    (!key.is_empty()).then(|| Secret::new(key))
}

fn endpoints(env: &mut Environment) -> Endpoints {
    let mut endpoints = Endpoints::default();
    let mut set = |name: &str, with: &dyn Fn(Endpoints, &str) -> Result<Endpoints, wechat::Error>| {
        let Some(url) = env.text(name).map(str::to_owned) else { return };
        match with(endpoints.clone(), &url) {
            Ok(changed) => endpoints = changed,
            Err(_) => env.wrong(name, "an http:// or https:// address"),
        }
    };
    set("WECHAT_OPEN_URL", &|all, url| all.with_open(url));
    set("WECHAT_API_URL", &|all, url| all.with_api(url));
    // the real backup host of WeChat is no backup for another payment host
    set("WECHAT_MCH_URL", &|all, url| all.with_mch_backup(None)?.with_mch(url));
    set("WECHAT_MCH_BACKUP_URL", &|all, url| all.with_mch_backup(Some(url)));
    set("WECHAT_JSSDK_URL", &|all, url| all.with_jssdk(url));
    let script = endpoints.jssdk().to_owned();
    if script.ends_with(".js") {
        return endpoints;
    }
    endpoints.clone().with_jssdk(&(script + JSSDK_PATH)).unwrap_or(endpoints)
}
