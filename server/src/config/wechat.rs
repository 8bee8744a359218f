use std::path::PathBuf;

use wechat::{Endpoints, Secret, TokenMode, wire::sign::SignType};

use super::environment::Environment;

/// The account, the merchant and where WeChat is.
#[derive(Clone, Debug)]
pub struct WechatConfig {
    /// `WECHAT_APPID`.
    pub appid: String,
    /// `WECHAT_SECRET`.
    pub secret: Secret,
    /// `WECHAT_TOKEN_MODE`.
    pub token_mode: TokenMode,
    /// `WECHAT_MCH_ID`.
    pub mch_id: String,
    /// `WECHAT_SIGN_TYPE`.
    pub sign_type: SignType,
    /// `WECHAT_API_V2_KEY`.
    pub api_v2_key: Secret,
    /// `WECHAT_OPEN_URL`, `WECHAT_API_URL`, `WECHAT_MCH_URL`, `WECHAT_MCH_BACKUP_URL`, `WECHAT_JSSDK_URL`.
    pub endpoints: Endpoints,
    /// `WECHAT_CA_FILE`: one more certificate authority to believe.
    pub ca_file: Option<PathBuf>,
}

/// Where the JS-SDK's script is, below its host.
const JSSDK_PATH: &str = "/open/js/jweixin-1.6.0.js";

impl WechatConfig {
    pub(super) fn read(env: &mut Environment) -> Self {
        let appid = env.required("WECHAT_APPID", "the official account's AppID, wx and 16 characters");
        let secret = env.required("WECHAT_SECRET", "the official account's AppSecret");
        let mch_id = env.required("WECHAT_MCH_ID", "the merchant number of WeChat Pay, digits");
        let api_v2_key =
            env.required("WECHAT_API_V2_KEY", "the APIv2 key of the merchant platform, 32 characters");
        if !api_v2_key.is_empty() && api_v2_key.len() != 32 {
            env.wrong("WECHAT_API_V2_KEY", "it has 32 characters");
        }
        match env.text_or("WECHAT_TOKEN_MODE", "stable").as_str() {
            "stable" | "classic" => {}
            _ => env.wrong("WECHAT_TOKEN_MODE", "stable or classic"),
        }
        if env.text_or("WECHAT_PAY_API", "v2") != "v2" {
            env.wrong("WECHAT_PAY_API", "v2 (v3 is not built yet)");
        }
        let sign_type = env.parse_or("WECHAT_SIGN_TYPE", "HMAC-SHA256", "MD5 or HMAC-SHA256");
        Self {
            appid,
            secret: Secret::new(secret),
            token_mode: match env.text("WECHAT_TOKEN_MODE") {
                Some("classic") => TokenMode::Classic,
                _ => TokenMode::Stable,
            },
            mch_id,
            sign_type,
            api_v2_key: Secret::new(api_v2_key),
            endpoints: endpoints(env),
            ca_file: env.text("WECHAT_CA_FILE").map(PathBuf::from),
        }
    }
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
    // the real backup host knows nothing of a payment host that was replaced
    set("WECHAT_MCH_URL", &|all, url| all.with_mch_backup(None)?.with_mch(url));
    set("WECHAT_MCH_BACKUP_URL", &|all, url| all.with_mch_backup(Some(url)));
    set("WECHAT_JSSDK_URL", &|all, url| all.with_jssdk(url));
    let script = endpoints.jssdk().to_owned();
    if script.ends_with(".js") {
        return endpoints;
    }
    endpoints.clone().with_jssdk(&(script + JSSDK_PATH)).unwrap_or(endpoints)
}
